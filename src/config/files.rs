//! The configuration's files: reading them within bounds, finding those that the main file includes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::collect::{Collector, File, Found};
use super::read::Section;
use super::syntax::Readable;
use super::value::Mistake;
use crate::topic::Written;

/// A larger file is a mistake.
const MAX_BYTES: u64 = 4 << 20;
/// More included files are a mistake.
const MAX_FILES: usize = 1_000;

/// `path`, or the `newswatch.toml` in it if it is a folder.
pub(super) fn in_folder(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("newswatch.toml") } else { path.to_owned() }
}

/// Reads the main file and those that it includes, the main file first. What cannot be read is empty and has a problem.
pub(super) fn read_all(path: &Path) -> (Vec<File>, Vec<Found>) {
    let (mut files, mut found) = (Vec::new(), Vec::new());
    let path = in_folder(path);
    add(path.clone(), &mut files, &mut found);
    let (paths, problems) = files.first().map(included).unwrap_or_default();
    found.extend(problems);
    for path in paths {
        add(path, &mut files, &mut found);
    }
    (files, found)
}

fn add(path: PathBuf, files: &mut Vec<File>, found: &mut Vec<Found>) {
    let text = read(&path, files.is_empty()).unwrap_or_else(|Mistake { message, hint }| {
        found.push(Found { file: files.len(), at: None, message, hint: Some(hint), warning: false });
        String::new()
    });
    files.push(File { path, text });
}

/// The text of a file, without byte order mark.
pub(super) fn read(path: &Path, main: bool) -> Result<String, Mistake> {
    let mut bytes = Vec::new();
    let outcome = fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    match outcome {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && main => {
            Err(Mistake::new("there is no configuration here", "run `newswatch init` to write one"))
        }
        Err(error) => {
            Err(Mistake::new(format!("cannot read this file: {error}"), "mend the file or its permissions"))
        }
        Ok(_) if bytes.len() as u64 > MAX_BYTES => {
            Err(Mistake::new("this file is larger than 4 MiB", "split it, and name the parts in `include`"))
        }
        Ok(_) => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = valid.split(|byte| *byte == b'\n').count();
                Mistake::new(format!("line {line} of this file is not UTF-8"), "save it as UTF-8")
            })?;
            Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        }
    }
}

/// Whether `main` includes the file at `path`, or would if there were one.
pub(super) fn includes(main: &File, path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return false;
    };
    let identity = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.components().collect());
    let here = main.path.parent().unwrap_or(Path::new(""));
    patterns(main).iter().any(|pattern| {
        split(here, &pattern.text)
            .is_ok_and(|(below, parts)| matches(parts, name) && identity(&below) == identity(folder))
    })
}

/// The patterns that `main` includes. Their types are checked with everything else.
fn patterns(main: &File) -> Vec<Written> {
    let files = std::slice::from_ref(main);
    let readable = Readable::new(&main.text);
    let tables = readable.tables(0, main, &mut Collector::new(files, Vec::new()));
    Section::top(0, &tables, &mut Collector::new(files, Vec::new()))
        .get("include")
        .map(|item| item.texts(&mut Collector::new(files, Vec::new())))
        .unwrap_or_default()
}

/// The files that `main` includes, and what is wrong with its patterns.
fn included(main: &File) -> (Vec<PathBuf>, Vec<Found>) {
    let folder = main.path.parent().unwrap_or(Path::new(""));
    let identity = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut known = BTreeSet::from([identity(&main.path)]);
    let (mut paths, mut found) = (Vec::new(), Vec::new());
    for pattern in patterns(main) {
        let mut tell = |message: String, hint: &str, warning| {
            found.push(Found {
                file: 0,
                at: Some(pattern.at.clone()),
                message,
                hint: Some(hint.to_owned()),
                warning,
            });
        };
        match expand(folder, &pattern.text) {
            Err(Mistake { message, hint }) => tell(message, &hint, false),
            Ok(matches) if matches.is_empty() => tell(
                format!("nothing matches `{}`", pattern.text),
                "it is looked for in the folder of this file; delete it if there is nothing to include",
                true,
            ),
            Ok(matches) => paths.extend(matches.into_iter().filter(|path| known.insert(identity(path)))),
        }
        if paths.len() > MAX_FILES {
            tell(format!("more than {MAX_FILES} files are included"), "join some of them", false);
            paths.truncate(MAX_FILES);
            break;
        }
    }
    (paths, found)
}

/// The folder and the name of `pattern`, of which only the name may hold `*`.
fn split<'p>(folder: &Path, pattern: &'p str) -> Result<(PathBuf, &'p str), Mistake> {
    let (below, name) = pattern.rsplit_once('/').map_or((None, pattern), |(below, name)| (Some(below), name));
    if below.is_some_and(|below| below.contains('*')) {
        return Err(Mistake::new(
            "`*` in the name of a folder",
            "only the last part of the path may hold `*`",
        ));
    }
    if name.is_empty() {
        return Err(Mistake::new(
            format!("`{pattern}` names a folder"),
            "name the files in it, with `*` for any part of a name",
        ));
    }
    // An absolute pattern replaces the folder; "/x" splits into "" and "x".
    let folder = match below {
        Some("") => PathBuf::from("/"),
        Some(below) => folder.join(below),
        None => folder.to_owned(),
    };
    Ok((folder, name))
}

/// The files that `pattern` names, sorted.
pub(super) fn expand(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Mistake> {
    let (folder, name) = split(folder, pattern)?;
    if !name.contains('*') {
        let path = folder.join(name);
        return if path.exists() {
            Ok(vec![path])
        } else {
            Err(Mistake::new(
                format!("there is no file `{pattern}`"),
                "it is looked for in the folder of this file",
            ))
        };
    }
    let folder_or_here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let entries = match fs::read_dir(folder_or_here) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(Mistake::new(
                format!("cannot list the folder: {error}"),
                "mend the folder or its permissions",
            ));
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|found| matches(name, found)))
        .map(|entry| folder.join(entry.file_name()))
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    Ok(paths)
}

/// Whether `name` is `pattern` with something for each `*`. As in a shell, `*` does not begin with a dot.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        // The leftmost fit leaves most for the parts to come.
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_anything_but_a_leading_dot() {
        for (pattern, name) in
            [("*.toml", "a.toml"), ("*", "a"), ("a*b*c", "aXbYbZc"), ("a*", "a"), ("x.toml", "x.toml")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.toml", ".a.toml"), ("*.toml", "a.toml~"), ("a*b*c", "acb"), ("a*a", "a"), ("x", "xy")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn files_are_found_sorted_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("newswatch.toml", "include = [\"*.toml\", \"b.toml\", \"none/*.toml\"]\n");
        write("b.toml", "");
        write("a.toml", "\u{feff}[sets]\n");
        let (files, found) = read_all(folder.path());
        let names: Vec<_> = files.iter().filter_map(|file| file.path.file_name()?.to_str()).collect();
        assert_eq!(names, ["newswatch.toml", "a.toml", "b.toml"]);
        assert_eq!(files[1].text, "[sets]\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].warning && found[0].message.contains("none/*.toml"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = |path: &Path| read_all(path).1.into_iter().map(|found| found.message).collect::<Vec<_>>();
        assert_eq!(told(folder.path()), ["there is no configuration here"]);
        let path = folder.path().join("big.toml");
        fs::write(&path, vec![b'#'; (4 << 20) + 1]).expect("written");
        assert_eq!(told(&path), ["this file is larger than 4 MiB"]);
        fs::write(&path, b"# one\n# \xff\n").expect("written");
        assert_eq!(told(&path), ["line 2 of this file is not UTF-8"]);
        fs::write(&path, "include = [\"gone.toml\", \"a*/b.toml\", \"x/\"]").expect("written");
        assert_eq!(
            told(&path),
            ["there is no file `gone.toml`", "`*` in the name of a folder", "`x/` names a folder"]
        );
    }
}
