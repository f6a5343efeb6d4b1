//! The inputs of `inspect`: files, or the lines of a manifest. Whatever is wrong with one stays with that one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cli::args::InspectArgs;
use crate::cli::progress::Bar;

/// Most bytes of one input, after decompression: more than the fetcher takes from the web.
const MOST_BYTES: u64 = 32 << 20;
/// First bytes of a gzip file (RFC 1952 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// One input: what it is called in the answer, and what is asked about it, or why it cannot be read.
#[derive(Debug)]
pub(super) struct Input<T> {
    /// What it is named by: "file" or "id".
    pub(super) key: &'static str,
    /// Its name as the manifest gives it.
    pub(super) name: Value,
    /// What to do.
    pub(super) task: Result<T, String>,
}

/// The inputs that `args` name: the lines of the manifest, named by the first of `keys` that they have, or `of_file` of
/// each file. `of_line` gets the folder that `file` is relative to.
///
/// # Errors
/// When the manifest cannot be opened.
pub(super) fn inputs<'a, L: DeserializeOwned + 'a, T: 'a>(
    args: &'a InspectArgs,
    keys: &'static [&'static str],
    of_file: impl Fn(&Path) -> T + 'a,
    of_line: impl Fn(L, &Path) -> T + 'a,
) -> anyhow::Result<Box<dyn Iterator<Item = Input<T>> + 'a>> {
    let Some(manifest) = &args.manifest else {
        return Ok(Box::new(args.files.iter().map(move |file| Input {
            key: "file",
            name: Value::String(file.to_string_lossy().into_owned()),
            task: Ok(of_file(file)),
        })));
    };
    Ok(Box::new(lines(manifest, keys)?.map(move |Input { key, name, task }| {
        let folder = manifest.parent().unwrap_or(Path::new(""));
        Input { key, name, task: task.map(|line| of_line(line, folder)) }
    })))
}

/// Counts `name` on the progress line, if there is one.
pub(super) fn step(bar: Option<&Bar>, name: &Value) {
    if let Some(bar) = bar {
        bar.step(name.as_str().unwrap_or("?"));
    }
}

/// How many inputs `args` names; 0 if its manifest cannot be read, which `inputs` says.
pub(super) fn how_many(args: &InspectArgs) -> usize {
    let Some(manifest) = &args.manifest else { return args.files.len() };
    let Ok(mut reader) = open(manifest) else { return 0 };
    let mut count = 0;
    while let Ok(Some(line)) = read_line(&mut reader) {
        count += usize::from(!line.trim_ascii().is_empty());
    }
    count
}

/// The objects in the lines of `manifest`, which may be compressed, named by the first of `keys` that they have.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn lines<L: DeserializeOwned>(
    manifest: &Path,
    keys: &'static [&'static str],
) -> anyhow::Result<impl Iterator<Item = Input<L>> + use<L>> {
    let mut reader = open(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let nameless = keys.first().copied().unwrap_or("id");
    let (mut number, mut ended) = (0_u64, false);
    Ok(std::iter::from_fn(move || {
        while !ended {
            number += 1;
            match read_line(&mut reader) {
                Ok(None) => ended = true,
                Ok(Some(line)) if line.trim_ascii().is_empty() => {}
                Ok(Some(line)) => {
                    let (key, name, task) = match serde_json::from_slice::<Value>(&line) {
                        Ok(value) => {
                            let key =
                                keys.iter().copied().find(|key| value.get(key).is_some()).unwrap_or(nameless);
                            (key, value.get(key).cloned().unwrap_or_default(), L::deserialize(value))
                        }
                        Err(error) => (nameless, Value::Null, Err(error)),
                    };
                    return Some(Input {
                        key,
                        name,
                        task: task.map_err(|error| format!("line {number}: {error}")),
                    });
                }
                Err(error) => {
                    ended = error.kind() != io::ErrorKind::FileTooLarge;
                    let task = Err(format!("line {number}: {error}"));
                    return Some(Input { key: nameless, name: Value::Null, task });
                }
            }
        }
        None
    }))
}

/// The next line, `None` at the end.
fn read_line(reader: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(MOST_BYTES).read_until(b'\n', &mut line)?;
    if line.len() as u64 == MOST_BYTES && line.last() != Some(&b'\n') {
        reader.skip_until(b'\n')?;
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("longer than {} MiB", MOST_BYTES >> 20),
        ));
    }
    Ok((!line.is_empty()).then_some(line))
}

/// The bytes of `path`, decompressed if they are gzip.
///
/// # Errors
/// In words, when the file cannot be read, or is too large.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let read = || {
        let mut bytes = Vec::new();
        open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        io::Result::Ok(bytes)
    };
    let bytes = read().map_err(|error| format!("cannot read it: {error}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("larger than {} MiB", MOST_BYTES >> 20));
    }
    Ok(bytes)
}

/// The bytes at `path`; `-` is standard input.
fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let raw: Box<dyn Read + Send> =
        if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let mut file = BufReader::new(raw);
    if file.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(BufReader::new(MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

/// `file` of a manifest in `folder`.
pub(super) fn beside(folder: &Path, file: &str) -> PathBuf {
    folder.join(file)
}

/// Runs `work`; a panic in it is an error of this input alone.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(format!("it broke newswatch ({what}); please report it"))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Line {
        file: String,
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bad_line_is_one_bad_input() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("m.jsonl");
        let text = b"{\"file\": \"a\"}\n\n{\"file\": 1}\nnonsense\n{\"file\": \"b\"}";
        for bytes in [text.to_vec(), gzip(text)] {
            std::fs::write(&manifest, bytes).unwrap();
            let inputs: Vec<Input<Line>> = lines(&manifest, &["file"]).unwrap().collect();
            let files: Vec<_> =
                inputs.iter().map(|input| input.task.as_ref().map(|line| line.file.as_str()).ok()).collect();
            assert_eq!(files, [Some("a"), None, None, Some("b")]);
            assert_eq!(inputs[1].name, 1);
            assert!(inputs[2].task.as_ref().unwrap_err().starts_with("line 4: "));
        }
        assert!(lines::<Line>(&folder.path().join("none"), &["file"]).is_err());
    }

    #[test]
    fn a_bomb_is_refused_and_a_broken_archive_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.html.gz");
        std::fs::write(&file, gzip(&vec![b'a'; usize::try_from(MOST_BYTES).unwrap() + 1])).unwrap();
        assert_eq!(read_file(&file).unwrap_err(), "larger than 32 MiB");
        let whole = gzip(b"<p>text</p>");
        std::fs::write(&file, &whole).unwrap();
        assert_eq!(read_file(&file).unwrap(), b"<p>text</p>");
        std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
        assert!(read_file(&file).unwrap_err().starts_with("cannot read it"));
    }

    #[test]
    fn a_panic_is_an_error() {
        let error = guarded::<()>(|| panic!("at the {}", "disco")).unwrap_err();
        assert_eq!(error, "it broke newswatch (at the disco); please report it");
    }
}
