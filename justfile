# Short names for the usual commands; `just` lists them.

default:
    @just --list

# The whole journey, offline
demo:
    cargo run --release -- demo

# Everything that must pass before a change lands
check:
    .ci/run

test:
    cargo test

lint:
    cargo fmt --all --check
    cargo clippy --all-targets -- -D warnings

# Install for this user, with the desktop service
install:
    cargo install --path . --locked
    install -Dm644 systemd/user/newswatch.service ~/.config/systemd/user/newswatch.service
