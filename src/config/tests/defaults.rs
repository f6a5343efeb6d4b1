//! What a configuration means that says little.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{home, read};
use crate::alert::QuietHours;
use crate::config::{AlertSettings, ChannelSettings, Environment, FetchSettings, from_text, needs_restart};
use crate::source::{FirstLook, SourceKind};
use crate::topic::{Severity, ZoneWeights};

#[test]
fn nothing_written_is_all_defaults_and_two_warnings() {
    let settings = read("").expect("valid");
    assert_eq!(settings.fetch, FetchSettings::default());
    assert_eq!(settings.alerts, AlertSettings::default());
    assert_eq!(settings.files, [Path::new("newswatch.toml")]);
    let channels: Vec<_> = settings.channels.iter().map(|(name, kind)| (name.as_str(), kind)).collect();
    assert_eq!(channels, [("desktop", &ChannelSettings::Desktop), ("log", &ChannelSettings::Log)]);
    assert_eq!(settings.store.path, Path::new("/home/me/.local/share/newswatch/newswatch.db"));
    assert_eq!(settings.store.keep_text, Duration::from_hours(180 * 24));
    assert!(settings.store.keep_seen > Duration::from_hours(3 * 365 * 24));
    let warnings: Vec<_> = settings.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(warnings, ["there is no source", "there is no topic, so nothing will be told"]);
}

#[test]
fn a_host_may_have_manners_of_its_own() {
    let text = "[[host]]\nname = 'Reddit.com.'\nspacing = '60s'\n[[host]]\nname = '[::1]'\nper_host = 16\n\
                [[feed]]\nurl = 'https://a.example/'\n[topic.x]\nall = ['Pyongyang']\n";
    let hosts = read(text).expect("valid").fetch.hosts;
    assert_eq!(hosts.keys().collect::<Vec<_>>(), ["::1", "reddit.com"]);
    assert_eq!(hosts["reddit.com"].spacing, Some(Duration::from_mins(1)));
    assert_eq!((hosts["::1"].spacing, hosts["::1"].per_host), (None, Some(16)));
}

#[test]
fn a_source_inherits_what_it_does_not_say() {
    let settings = read(
        "[fetch]\ninterval = '20m'\narticles = false\nbackoff = '1m'\n\
         [[page]]\nurl = 'https://a.example/#x'\nlinks = 'a'\n\
         [[feed]]\nurl = 'https://b.example/'\nname = 'B'\ninterval = '1h'\narticles = true\nfirst_look = 'alert'\n\
         [topic.x]\nall = ['Pyongyang']\n",
    )
    .expect("valid");
    assert!(settings.warnings.is_empty());
    let [page, feed] = settings.sources.as_slice() else { panic!("{:?}", settings.sources) };
    assert_eq!(page.kind, SourceKind::Links { selector: "a".into() });
    assert_eq!((page.url.as_str(), page.name.as_ref()), ("https://a.example/", None));
    assert_eq!(
        (page.interval, page.articles, page.backoff),
        (Duration::from_mins(20), false, Duration::from_mins(1))
    );
    assert_eq!(page.first_look, FirstLook::Baseline);
    assert_eq!(
        (feed.name.as_deref(), feed.interval, feed.articles),
        (Some("B"), Duration::from_hours(1), true)
    );
    assert_eq!((feed.min_interval, feed.max_interval), (Duration::from_mins(5), Duration::from_hours(24)));
    assert_eq!(feed.first_look, FirstLook::Alert);
}

#[test]
fn tags_are_headings_each_once() {
    let tags = |written: &str| {
        let text = format!(
            "[[feed]]\nurl = 'https://a.example/'\ntags = {written}\n[topic.x]\nall = ['Pyongyang']\n"
        );
        read(&text)
            .map(|settings| settings.sources[0].tags.clone())
            .map_err(|problems| problems.0.into_iter().map(|problem| problem.message).collect::<Vec<_>>())
    };
    assert_eq!(tags("['World', ' World/Asia ', 'World']"), Ok(vec!["World".into(), "World/Asia".into()]));
    assert_eq!(tags("[]"), Ok(Vec::new()));
    assert_eq!(tags("'World'"), Err(vec!["`tags` must be an array of strings, not a string".into()]));
    let (empty, comma) =
        ("a tag has an empty part".to_owned(), "a tag holds a comma or a line break".to_owned());
    assert_eq!(
        tags("['', '/a', 'a//b', 'a,b', \"a\\nb\"]"),
        Err(vec![empty.clone(), empty.clone(), empty, comma.clone(), comma])
    );
}

#[test]
fn the_floor_can_be_lowered_and_what_is_inherited_gives_way() {
    let pace = |fetch: &str, feed: &str| {
        let text = format!("[fetch]\n{fetch}\n[[feed]]\nurl = 'https://a.example/'\n{feed}\n");
        let settings =
            read(&text).map_err(|problems| problems.0.first().and_then(|problem| problem.hint.clone()));
        settings.map(|settings| {
            let source = &settings.sources[0];
            [source.min_interval, source.interval, source.max_interval].map(|each| each.as_secs())
        })
    };
    assert_eq!(pace("min_interval = '1s'\ninterval = '2s'", ""), Ok([1, 2, 86_400]));
    assert_eq!(pace("", "min_interval = '1s'\ninterval = '1s'"), Ok([1, 1, 86_400]));
    assert_eq!(pace("min_interval = '30m'", ""), Ok([1_800, 1_800, 86_400]));
    assert_eq!(pace("", "min_interval = '2d'"), Ok([172_800, 172_800, 172_800]));
    assert_eq!(pace("", "max_interval = '6m'"), Ok([300, 360, 360]));
    let lower = "if the server's owner agrees, lower the floor: min_interval = \"10s\"";
    assert_eq!(pace("", "interval = '10s'"), Err(Some(lower.into())));
    assert_eq!(pace("interval = '10s'", ""), Err(Some(lower.into())));
    assert_eq!(pace("", "min_interval = '500ms'"), Err(Some("write \"1s\" or more".into())));
    assert_eq!(pace("", "interval = '2d'"), Err(Some("raise the ceiling: max_interval = \"2d\"".into())));
    assert_eq!(pace("", "max_interval = '1m'"), Err(Some("raise it, or lower `min_interval`".into())));
}

#[test]
fn a_topic_inherits_the_defaults_of_topics() {
    let settings = read(
        "[defaults.topic]\nmin_score = 10\nfields = { lead = 1 }\nlang = ['en']\n\
         [topic.b]\nall = ['x', { term = 'y', weight = 2 }]\nfields = { body = 0.5 }\n\
         [topic.a]\nany = [{ any = ['x', 'y'] }]\nname = 'A'\nmin_score = 0\nseverity = 'critical'\ncooldown = '0s'\nlang = ['*']\n",
    )
    .expect("valid");
    let [a, b] = settings.topics.as_slice() else { panic!("{:?}", settings.topics) };
    assert_eq!((a.id.text.as_str(), a.name.as_str(), b.name.as_str()), ("a", "A", "b"));
    assert_eq!((a.min_score, a.severity, a.cooldown), (0, Severity::Critical, Duration::ZERO));
    assert_eq!((b.min_score, b.severity, b.cooldown), (10, Severity::Notice, Duration::from_hours(6)));
    assert_eq!((&a.lang, &b.lang), (&vec!["*".to_owned()], &vec!["en".to_owned()]));
    assert_eq!(a.fields, ZoneWeights { lead: 1.0, ..ZoneWeights::default() });
    assert_eq!(b.fields, ZoneWeights { lead: 1.0, body: 0.5, ..ZoneWeights::default() });
    let weights: Vec<f32> = b.way.all.iter().map(|line| line.weight).collect();
    assert_eq!(weights, [1.0, 2.0]);
    assert_eq!(a.way.any[0].terms.len(), 2);
    assert_eq!((a.channels.as_ref(), b.channels.as_ref()), (None, None));
}

#[test]
fn a_written_string_knows_its_place() {
    let text = "[topic.a]\nall = ['é | x']\n";
    let settings = read(text).expect("valid");
    let term = &settings.topics[0].way.all[0].terms[0];
    assert_eq!(text.get(term.at.clone()), Some("'é | x'"));
    assert_eq!(text.get(settings.topics[0].id.at.clone()), Some("a"));
}

#[test]
fn quiet_hours_let_the_critical_through_unless_told_otherwise() {
    let quiet = |except: &str| {
        let text = format!("[alerts]\nquiet_hours = {{ from = '22:00', to = '07:30'{except} }}\n");
        read(&text).ok().and_then(|settings| settings.alerts.quiet_hours)
    };
    let expected = |except| {
        let (from, to) = (jiff::civil::time(22, 0, 0, 0), jiff::civil::time(7, 30, 0, 0));
        Some(QuietHours { from, to, except, zone: jiff::tz::TimeZone::UTC })
    };
    assert_eq!(quiet(""), expected(Some(Severity::Critical)));
    assert_eq!(quiet(", except = 'warning'"), expected(Some(Severity::Warning)));
    assert_eq!(quiet(", except = 'none'"), expected(None));
}

#[test]
fn a_channel_of_another_name_has_a_type() {
    let settings = read("[channel.mine]\ntype = 'log'\n[alerts]\nchannels = ['mine']\n").expect("valid");
    assert_eq!(settings.channels.get("mine"), Some(&ChannelSettings::Log));
    assert_eq!(settings.alerts.channels, ["mine"]);
}

#[test]
fn the_database_is_where_its_path_says() {
    let path = |written: &str, environment: &Environment| {
        let text = format!("[store]\npath = '{written}'\n");
        from_text(Path::new("x.toml"), &text, environment).ok().map(|settings| settings.store.path)
    };
    let systemd = Environment { state_directory: Some("/var/lib/newswatch".into()), ..home() };
    assert_eq!(path("a.db", &systemd), Some(PathBuf::from("/var/lib/newswatch/a.db")));
    assert_eq!(path("a.db", &home()), Some(PathBuf::from("/home/me/.local/share/newswatch/a.db")));
    assert_eq!(path("~/a.db", &systemd), Some(PathBuf::from("/home/me/a.db")));
    assert_eq!(path("/a.db", &Environment::default()), Some(PathBuf::from("/a.db")));
    assert_eq!(path("a.db", &Environment::default()), None);
}

#[test]
fn private_addresses_are_warned_of_unless_allowed() {
    let warnings = |allow: &str, host: &str| {
        let text = format!(
            "[fetch]\nallow = [{allow}]\n[[feed]]\nurl = 'http://{host}/'\n[topic.x]\nall = ['Pyongyang']\n"
        );
        let warnings = read(&text).expect("valid").warnings;
        warnings.into_iter().filter_map(|warning| warning.hint).collect::<Vec<_>>()
    };
    let hint =
        |net| vec![format!("if that is meant, add allow = [\"{net}\"] under [fetch] in the main file")];
    for (host, net) in [
        ("127.0.0.1:8080", "127.0.0.0/8"),
        ("localhost", "127.0.0.0/8"),
        ("a.localhost.", "127.0.0.0/8"),
        ("2130706433", "127.0.0.0/8"),
        ("[::1]", "::1/128"),
        ("[::ffff:10.1.2.3]", "10.0.0.0/8"),
        ("[fd00::1]", "fc00::/7"),
        ("169.254.169.254", "169.254.0.0/16"),
    ] {
        assert_eq!(warnings("", host), hint(net), "{host}");
        assert_eq!(warnings(&format!("'{net}'"), host), Vec::<String>::new(), "{host}");
    }
    assert_eq!(warnings("'127.0.0.1'", "127.0.0.1"), Vec::<String>::new());
    assert_eq!(warnings("", "93.184.215.14"), Vec::<String>::new());
    let two = "127.0.0.1/a'\n[[feed]]\nurl = 'http://127.0.0.1/b";
    assert_eq!(warnings("", two), hint("127.0.0.0/8"), "once for a host");
}

#[test]
fn only_the_database_needs_a_restart() {
    let old = read("[store]\npath = 'a.db'\n").expect("valid");
    let new = read("[store]\npath = 'b.db'\n[fetch]\nworkers = 3\n").expect("valid");
    assert_eq!(needs_restart(&old, &new), ["store.path"]);
    assert_eq!(needs_restart(&old, &old), Vec::<String>::new());
}
