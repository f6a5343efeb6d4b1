//! The question that `source add` asks at a terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};

use super::sources::{house, main_file};
use super::{first_steps, newswatch};

/// What the binary says at a terminal of its own, and how it ends, if the person types `answers`, each at a question.
fn at_a_terminal(folder: &Path, arguments: &[&str], answers: &[&str]) -> (String, Option<i32>) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let near = openpt(flags).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let far = ioctl_tiocgptpeer(&near, flags).unwrap();
    let mut command = newswatch(folder);
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::from(far.try_clone().unwrap()));
    let mut child = command.stdout(Stdio::from(far)).stderr(Stdio::null()).spawn().unwrap();
    // The last of our handles to the far side: reading ends when the program does.
    drop(command);
    let mut near = File::from(near);
    let (mut text, mut answered, mut byte) = (String::new(), 0, [0; 1]);
    while near.read(&mut byte).is_ok_and(|read| read > 0) {
        text.push(char::from(byte[0]));
        if text.matches("] ").count() > answered && text.ends_with("] ") {
            let answer = answers.get(answered).expect("one more question than was thought");
            writeln!(near, "{answer}").unwrap();
            answered += 1;
        }
    }
    assert_eq!(answered, answers.len(), "{text}");
    (text.replace('\r', ""), child.wait().unwrap().code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_is_kept_to_and_said_and_enter_takes_the_first() {
    let (server, folder) = (first_steps::site().await, house());
    let page = server.url("/links").to_string();
    let before = main_file(folder.path());
    let ask = |answers: &[&str]| at_a_terminal(folder.path(), &["source", "add", &page], answers);

    let (text, code) = ask(&["n"]);
    assert!(
        text.contains("links = \"p a\", 6 entries") && text.ends_with("\nnothing was written\n"),
        "{text}"
    );
    assert_eq!((code, main_file(folder.path())), (Some(1), before.clone()));

    let (text, code) = ask(&["7", ""]);
    assert!(text.contains("\n7 is none of them\n") && text.contains("\nadded page "), "{text}");
    assert_eq!(code, Some(0));
    assert!(main_file(folder.path()).contains("links = \"p a\""));
}
