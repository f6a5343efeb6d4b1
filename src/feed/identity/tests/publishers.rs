//! What publishers do in a year: move, rename, sort anew, edit, bring back.

use super::series::{Looks, WARNING, dated};
use super::*;

fn text(n: u32) -> String {
    format!("What {n} says in more than eight words of its own, as entries of most feeds do.")
}

/// Entries 0 to 9, the newest first, under ids and links that `name` makes.
fn feed(name: impl Fn(u32) -> (String, String)) -> Vec<Entry> {
    let entry = |n| {
        let (id, url) = name(n);
        Entry { url: Url::parse(&url).ok(), ..dated(&id, "", &format!("Story {n}"), &text(n), 30 - n) }
    };
    (0..10).map(entry).collect()
}

/// What is told of a feed that names its entries in one way first, then in another.
fn renamed(
    from: impl Fn(u32) -> (String, String),
    to: impl Fn(u32) -> (String, String),
) -> Vec<&'static str> {
    let mut looks = Looks::default();
    looks.look(feed(from));
    looks.look(feed(to))
}

fn permalink(n: u32) -> (String, String) {
    (format!("https://a.example/{n}"), format!("https://a.example/{n}"))
}

#[test]
fn a_feed_that_is_sorted_anew_or_pins_an_entry_brings_nothing_new() {
    for name in [permalink, |n| (String::new(), permalink(n).1), |n: u32| (n.to_string(), String::new())] {
        let mut looks = Looks::default();
        looks.look(feed(name));
        let mut turned = feed(name);
        turned.reverse();
        assert_eq!(looks.look(turned), ["same"; 10]);
        let mut pinned = feed(name);
        pinned.rotate_right(3);
        assert_eq!(looks.look(pinned), ["same"; 10]);
    }
}

#[test]
fn what_comes_back_is_known() {
    let mut looks = Looks::default();
    let all = feed(permalink);
    looks.look(all.clone());
    for _ in 0..3 {
        looks.look(all[..5].to_vec());
    }
    assert_eq!(looks.look(all), ["same"; 10]);
}

#[test]
fn another_system_of_ids_brings_nothing_new() {
    assert_eq!(renamed(permalink, |n| (format!("urn:uuid:{n}"), permalink(n).1)), ["same"; 10]);
    assert_eq!(renamed(permalink, |n| (String::new(), permalink(n).1)), ["same"; 10]);
    assert_eq!(renamed(|n| (String::new(), permalink(n).1), permalink), ["same"; 10]);
}

#[test]
fn https_brings_nothing_new() {
    let plain = |n| (format!("http://www.a.example/{n}/"), format!("http://www.a.example/{n}/"));
    assert_eq!(renamed(plain, permalink), ["same"; 10]);
}

#[test]
fn ids_that_carry_a_campaign_bring_nothing_new() {
    let campaign = |week: u32| {
        move |n| {
            let url = format!("https://a.example/{n}?utm_source=rss&utm_campaign=week{week}");
            (url.clone(), url)
        }
    };
    let mut looks = Looks::default();
    looks.look(feed(campaign(1)));
    for week in 2..6 {
        assert_eq!(looks.look(feed(campaign(week))), ["same"; 10]);
    }
    // What is new is.
    let new = dated("https://a.example/x?utm_campaign=9", "x?utm_campaign=9", "New", &text(99), 30);
    assert_eq!(looks.look([vec![new], feed(campaign(9))].concat())[..2], ["new", "same"]);
}

#[test]
fn drafts_that_get_a_speaking_address_are_at_most_versions() {
    let draft = |n| (format!("https://a.example/?p={n}"), format!("https://a.example/?p={n}"));
    let posted = |n| (format!("https://a.example/?p={n}"), format!("https://a.example/2026/10/story-{n}"));
    assert_eq!(renamed(draft, posted), ["version"; 10]);
}

#[test]
fn a_site_that_moves_to_another_domain_brings_nothing_new() {
    let moved = |n| (format!("https://b.example/{n}"), format!("https://b.example/{n}"));
    assert_eq!(renamed(permalink, moved), ["version"; 10]);
    assert_eq!(
        renamed(|n| (n.to_string(), permalink(n).1), |n| (n.to_string(), moved(n).1)),
        ["version"; 10]
    );
    // One entry of the title and time of another is another.
    let mut looks = Looks::default();
    looks.look(feed(permalink));
    let mut next = feed(permalink);
    next[0] = feed(moved)[0].clone();
    assert_eq!(looks.look(next)[0], "new");
}

#[test]
fn stable_ids_survive_a_move_where_titles_are_alike() {
    let mut looks = Looks::default();
    let quake = |host: &str, n: u32| Entry {
        url: Url::parse(&format!("https://{host}/{n}")).ok(),
        ..dated(&format!("q{n}"), "", "Earthquake", "", n + 1)
    };
    let quakes = |host: &str| (0..6).map(|n| quake(host, n)).collect::<Vec<_>>();
    looks.look(quakes("a.example"));
    assert_eq!(looks.look(quakes("b.example")), ["version"; 6]);
    // Also where others stay.
    let stays = feed(permalink);
    looks.look([quakes("b.example"), stays.clone()].concat());
    assert_eq!(looks.look([quakes("c.example"), stays].concat())[..6], ["version"; 6]);
    assert_eq!(looks.learnt.rules, []);
}

#[test]
fn row_59_an_update_under_its_id_is_a_version_and_a_new_date_alone_is_nothing() {
    let mut looks = Looks::default();
    let story = |title, text: &str, day| dated("s", "s", title, text, day);
    looks.among_others(story("Dam breaks", &text(1), 1));
    assert_eq!(looks.among_others(story("Dam breaks", &text(1), 2)), "same");
    assert_eq!(looks.among_others(story("UPDATE: Dam breaks", &text(1), 3)), "version");
    assert_eq!(looks.among_others(story("UPDATE: Dam breaks", &text(2), 3)), "version");
    // As a post of its own it is new.
    assert_eq!(looks.among_others(dated("t", "t", "UPDATE 2: Dam breaks", &text(2), 4)), "new");
}

#[test]
fn a_live_blog_with_an_entry_a_post_brings_each_post() {
    for link in [|n: u32| format!("live#post-{n}"), |_| "live".to_owned()] {
        for id in [|n: u32| format!("post-{n}"), |_| String::new()] {
            let mut looks = Looks::default();
            let post = |n: u32| dated(&id(n), &link(n), "Live: flood", &text(n), n + 1);
            let posts = |upto: u32| (0..upto).rev().map(post).collect::<Vec<_>>();
            looks.look(posts(3));
            for upto in 4..9 {
                let is = looks.look(posts(upto));
                assert_eq!(is[0], "new", "{} {}", link(1), id(1));
                assert!(is[1..].iter().all(|is| *is == "same"), "{is:?} {} {}", link(1), id(1));
            }
        }
    }
}

#[test]
fn one_id_for_whatever_warning_is_in_force_hides_none() {
    let mut looks = Looks::default();
    let current = |url, title, text: &str, day| dated("current", url, title, text, day);
    assert_eq!(looks.among_others(current("w/1", "Flood alert: Derwent", WARNING, 1)), "new");
    // Under an address of its own it is new, at the same one a version: both are judged.
    assert_eq!(looks.among_others(current("w/2", "Gale warning: Fair Isle", &text(2), 2)), "new");
    assert_eq!(looks.among_others(current("w/2", "Gale warning: Viking", &text(3), 3)), "version");
    assert_eq!(looks.among_others(current("w/3", "Gale warning: Viking", &text(4), 4)), "new");
    assert_eq!(looks.among_others(current("w/3", "Gale warning: Viking", &text(4), 4)), "same");
}

#[test]
fn regions_whose_warnings_are_all_given_anew_under_other_numbers_teach_no_visitors_number() {
    let mut looks = Looks::default();
    let regions = |issue: u32| -> Vec<Entry> {
        let warning = |n: u32| {
            let url = format!("region{n}/warning?id=64f0a1b2c3d4e5f6a7b8{issue}{n}");
            dated("", &url, &format!("Wind warning: region {n}"), WARNING, issue)
        };
        (0..6).map(warning).collect()
    };
    looks.look(regions(1));
    for issue in 2..4 {
        assert_eq!(looks.look(regions(issue)), ["perhaps"; 6]);
        assert_eq!(looks.learnt.rules, []);
    }
}

#[test]
fn what_is_away_while_a_visitors_number_is_learnt_is_known_when_it_comes_back() {
    let visit = |look: u32| {
        move |n: u32| Entry {
            published: None,
            ..dated(
                &format!("s{n}"),
                &format!("story?n={n}&visit=a1b2c3d4e5f6a7b8{look:02}{n:02}"),
                "Live",
                "",
                1,
            )
        }
    };
    let mut looks = Looks::default();
    looks.look((0..6).map(visit(1)).collect());
    assert_eq!(looks.look((1..6).map(visit(2)).collect()), ["same"; 5]);
    assert_eq!(looks.look((0..6).map(visit(3)).collect()), ["same"; 6]);
}

#[test]
fn where_ids_are_places_an_edited_entry_is_known_by_its_link_at_a_place_that_is_new() {
    let feed = |order: &[u32], edited: bool| -> Vec<Entry> {
        let entry = |(at, n): (usize, &u32)| {
            let says = text(if edited && *n == 7 { 70 } else { *n });
            let title = format!("Story {n}");
            Entry { published: None, ..dated(&at.to_string(), &n.to_string(), &title, &says, 1) }
        };
        order.iter().enumerate().map(entry).collect()
    };
    let mut looks = Looks::default();
    looks.look(feed(&[1, 2, 3, 4, 5, 6, 7], false));
    looks.look(feed(&[2, 3, 4, 5, 6, 7], false));
    looks.look(feed(&[2, 3, 4, 5, 6, 7], false));
    assert_eq!(looks.look(feed(&[2, 3, 4, 5, 6, 8, 9, 7], true))[5..], ["new", "new", "version"]);
    // Also where no known entry was seen at the place of another yet, but two were at one.
    let mut looks = Looks::default();
    looks.look(feed(&[1, 2, 3], false));
    looks.look(feed(&[1, 2, 7], false));
    assert_eq!(looks.look(feed(&[1, 2, 3, 7], true)), ["same", "same", "same", "version"]);
}
