//! What `X-Robots-Tag` says to newswatch. It is written for search engines; here it is noted, and forbids nothing.

use reqwest::header::HeaderMap;

use super::robots::TOKEN;

/// The words that are noted.
const WORDS: [&str; 5] = ["noindex", "noarchive", "nosnippet", "nocache", "none"];

/// What is said to everyone, or to newswatch by name (`newswatch: noindex`), in the order of the lists above; each once.
pub(super) fn robots_tag(headers: &HeaderMap) -> Vec<&'static str> {
    let lines = headers.get_all("x-robots-tag").iter().filter_map(|line| line.to_str().ok());
    let said: Vec<String> = lines.flat_map(to_us).collect();
    WORDS.into_iter().filter(|word| said.iter().any(|one| one.eq_ignore_ascii_case(word))).collect()
}

/// The rules of one line that are not for others: a name with a colon holds for those that follow it in the line.
fn to_us(line: &str) -> Vec<String> {
    let mut ours = true;
    let mut rules = Vec::new();
    for rule in line.split(',') {
        let rule = match rule.split_once(':') {
            // These have a value, and are no names.
            Some((name, _)) if is_rule_with_value(name.trim()) => continue,
            Some((name, rule)) => {
                ours = name.trim().eq_ignore_ascii_case(TOKEN) || name.trim() == "*";
                rule
            }
            None => rule,
        };
        if ours {
            rules.push(rule.trim().to_owned());
        }
    }
    rules
}

fn is_rule_with_value(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "unavailable_after" || name.starts_with("max-")
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn said(lines: &[&'static str]) -> Vec<&'static str> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-robots-tag", HeaderValue::from_static(line));
        }
        robots_tag(&headers)
    }

    #[test]
    fn row_48_what_a_page_says_to_robots_is_noted() {
        assert_eq!(said(&[]), [""; 0]);
        assert_eq!(said(&["noarchive, NoIndex"]), ["noindex", "noarchive"]);
        assert_eq!(said(&["noarchive", "noarchive, nosnippet"]), ["noarchive", "nosnippet"]);
        assert_eq!(said(&["googlebot: noindex, nofollow", "newswatch: noarchive"]), ["noarchive"]);
        assert_eq!(said(&["otherbot: noindex, Newswatch: none"]), ["none"]);
        assert_eq!(
            said(&["max-snippet:20, noarchive, unavailable_after: 25 Jun 2027 15:00:00 PST"]),
            ["noarchive"]
        );
        assert_eq!(said(&["all, ,:,,noodp"]), [""; 0]);
    }
}
