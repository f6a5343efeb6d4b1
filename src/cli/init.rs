//! `newswatch init`: a commented starter configuration.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::Exit;
use super::args::InitArgs;
use super::context::Context;
use super::style::{STRONG, paint};
use crate::config;

/// What is written, by its place in the folder.
const FILES: [(&str, &str); 3] = [
    ("newswatch.toml", include_str!("../../config/newswatch.toml")),
    ("watchlists/starter.toml", include_str!("../../config/watchlists/starter.toml")),
    ("watchlists/russia-north-korea.toml", include_str!("../../config/watchlists/russia-north-korea.toml")),
];

/// Writes what is not there yet; `No` if everything was there.
pub(super) fn run(context: &Context, args: InitArgs) -> anyhow::Result<Exit> {
    let folder = match args.folder {
        Some(folder) => folder,
        None => folder_of(&context.config)?,
    };
    let mut to = context.printer();
    let mut written = 0;
    // A configuration of the person's own is not joined by lists that they did not ask for.
    let fresh = !folder.join(FILES[0].0).exists();
    for (name, text) in FILES.iter().take(if fresh { FILES.len() } else { 1 }) {
        let path = folder.join(name);
        let word = if write(&path, text)? {
            written += 1;
            "wrote"
        } else {
            "kept, it is yours:"
        };
        to.line(format!("{word} {}", path.display()))?;
    }
    if written > 0 && !context.quiet {
        let place = place(&folder);
        to.line("")?;
        to.line(paint(STRONG, "What next"))?;
        to.line(format!("  edit {}: set `contact` under [fetch]", folder.join(FILES[0].0).display()))?;
        to.line("  put your own topics into watchlists/, and take out what you do not want")?;
        to.line(format!("  newswatch check{place}        every mistake, with its place"))?;
        to.line(format!("  newswatch notify test{place}  a test alert through each channel"))?;
        to.line(format!("  newswatch once{place}         one pass; the first look only sets the baseline"))?;
        to.line(format!("  newswatch run{place}          watch"))?;
    }
    Ok(Exit::yes_if(written > 0))
}

/// The folder of a configuration: the file's, or the path itself if it names none.
fn folder_of(config: &Path) -> anyhow::Result<PathBuf> {
    if config.extension().is_none_or(|extension| extension != "toml") {
        return Ok(config.to_owned());
    }
    if config.file_name().is_none_or(|name| name != FILES[0].0) {
        bail!("{}: init writes a folder with {} in it; name the folder", config.display(), FILES[0].0);
    }
    Ok(config.parent().map(Path::to_owned).unwrap_or_default())
}

/// The option that finds the folder again, if it is not where newswatch looks by itself.
fn place(folder: &Path) -> String {
    let usual = config::locate(None);
    if usual.parent() == Some(folder) { String::new() } else { format!(" --config {}", folder.display()) }
}

/// False if there is a file already: it is never overwritten.
fn write(path: &PathBuf, text: &str) -> anyhow::Result<bool> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}
