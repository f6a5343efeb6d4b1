//! Numbers of things in words: "1 outlet", "5 outlets", "2 stories".

/// `count` things of the name `one`, whose plural ends in -s or -ies.
#[must_use]
pub fn count(count: impl TryInto<u64>, one: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    match (count, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_and_many() {
        assert_eq!(
            [count(1_u64, "outlet"), count(0_usize, "outlet"), count(2_usize, "story")],
            ["1 outlet", "0 outlets", "2 stories"]
        );
    }
}
