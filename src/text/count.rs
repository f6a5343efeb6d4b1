//! Numbers of things and lengths of time in words: "1 outlet", "5 outlets", "2 stories", "26 hours".

use std::time::Duration;

/// `count` things of the name `one`, whose plural ends in -s or -ies.
#[must_use]
pub fn count(count: impl TryInto<u64>, one: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let stem = one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match (count, stem) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {one}s"),
    }
}

/// A length of time in one unit: "5 minutes", "26 hours", "3 days".
#[must_use]
pub fn span(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    let (many, one) = match minutes {
        0..120 => (minutes.max(1), "minute"),
        120..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    count(many, one)
}

/// A length of time as the configuration writes it: "90s" is "1m 30s", a week "7d".
#[must_use]
pub fn short(time: Duration) -> String {
    let seconds = time.as_secs();
    let parts =
        [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(many, _)| *many > 0).map(|(many, unit)| format!("{many}{unit}")).collect();
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_one_unit() {
        let spans =
            [0, 60, 119, 120, 26 * 60, 48 * 60, 1_000 * 60].map(|minutes| span(Duration::from_mins(minutes)));
        assert_eq!(
            spans,
            ["1 minute", "60 minutes", "119 minutes", "2 hours", "26 hours", "2 days", "41 days"]
        );
    }

    #[test]
    fn a_length_of_time_reads_as_the_configuration_writes_it() {
        let said = [0, 59, 90, 3_600, 604_800, 31_536_000 + 3_661]
            .map(|seconds| short(Duration::from_secs(seconds)));
        assert_eq!(said, ["0s", "59s", "1m 30s", "1h", "7d", "365d 1h 1m 1s"]);
    }

    #[test]
    fn one_and_many() {
        assert_eq!(
            [
                count(1_u64, "outlet"),
                count(0_usize, "outlet"),
                count(2_usize, "story"),
                count(2_usize, "day")
            ],
            ["1 outlet", "0 outlets", "2 stories", "2 days"]
        );
    }
}
