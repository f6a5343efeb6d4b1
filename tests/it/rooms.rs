//! Holds the shape of the house: a room uses only the rooms listed above it in lib.rs, and pure rooms stay pure.

use std::fs;
use std::path::{Path, PathBuf};

/// What a pure room may not name.
const IMPURE: [&str; 9] = [
    "tokio",
    "rusqlite",
    "reqwest",
    "std::fs",
    "std::net",
    "std::env",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Rooms in the order of lib.rs, each with whether it is marked as pure.
fn rooms() -> Vec<(String, bool)> {
    let map = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rooms: Vec<_> = map
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .filter_map(|line| {
            line.split_once(';').map(|(room, said)| (room.to_owned(), said.contains("(pure)")))
        })
        .collect();
    assert!(rooms.len() > 10, "lib.rs lists the rooms, a line each");
    rooms
}

/// Files of a room: `room.rs`, or everything in `room/`.
fn files_of(room: &str) -> Vec<PathBuf> {
    let single = source().join(format!("{room}.rs"));
    if single.exists() { vec![single] } else { source_files(&source().join(room)) }
}

/// The code of a file: without comments, and without its tests, which may use what they like.
fn code(file: &Path) -> String {
    if file.components().any(|part| part.as_os_str() == "tests")
        || file.file_stem().is_some_and(|name| name == "tests")
    {
        return String::new();
    }
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_room_uses_only_the_rooms_above_it() {
    let rooms = rooms();
    for (place, (room, _)) in rooms.iter().enumerate() {
        for file in files_of(room) {
            let code = code(&file);
            for (below, _) in rooms.iter().skip(place + 1) {
                for used in
                    [format!("crate::{below}::"), format!("crate::{below};"), format!("crate::{{{below}")]
                {
                    assert!(
                        !code.contains(&used),
                        "{} uses `{below}`, which comes after `{room}`",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn pure_rooms_name_no_clock_no_disk_no_network() {
    for (room, pure) in rooms() {
        if !pure {
            continue;
        }
        for file in files_of(&room) {
            let code = code(&file);
            for word in IMPURE {
                assert!(!code.contains(word), "{} names `{word}`, but `{room}` is pure", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    for file in source_files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} begins with a //! line", file.display());
        let lines = text.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: look for the second thing that it does", file.display());
    }
}

#[test]
fn only_one_place_writes_to_the_terminal_and_one_reads_the_time() {
    for file in source_files(&source()) {
        let code = code(&file);
        let name = file.strip_prefix(source()).unwrap().display().to_string();
        assert!(
            !code.contains("println!(") && !code.contains("print!("),
            "{name}: print through cli/print.rs"
        );
        if name != "clock.rs" {
            assert!(
                !code.contains("Timestamp::now()") && !code.contains("SystemTime::now()"),
                "{name}: ask a Clock"
            );
        }
    }
}
