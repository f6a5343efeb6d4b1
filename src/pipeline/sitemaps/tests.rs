//! Tests of what one look reads of the sitemaps of an index.

use super::*;
use crate::feed::{Known, Marks};

fn sighting(key: usize, updated: Option<i64>) -> Sighting {
    let updated = updated.map(|second| Timestamp::from_second(second).unwrap());
    let entry = Entry { key: key.to_string(), updated, ..Entry::default() };
    Sighting { entry, marks: Marks::default(), hash: String::new(), is: Is::New }
}

fn read(mut sightings: Vec<Sighting>) -> Option<Vec<usize>> {
    let waits = leave_for_later(&mut sightings, |entry| entry.key == "0");
    waits.then(|| sightings.iter().map(|sighting| sighting.entry.key.parse().unwrap()).collect())
}

#[test]
fn one_look_reads_the_newest_and_both_ends_of_what_has_no_date() {
    let dated = |n: usize| sighting(n, Some(i64::try_from(n * 7 % 500).unwrap()));
    assert_eq!(read((0..=200).map(dated).collect()), None, "one is old, and costs nothing");
    let newest = read((0..500).map(dated).collect()).unwrap();
    assert_eq!((newest[0], newest.len()), (0, 201));
    assert!(newest[1..].iter().all(|n| n * 7 % 500 >= 300), "{newest:?}");

    let ends = read((1..=500).map(|n| sighting(n, None)).collect()).unwrap();
    assert_eq!((ends.len(), ends[99], ends[100]), (200, 100, 401));

    let mixed = read((1..=500).map(|n| if n > 250 { dated(n) } else { sighting(n, None) }).collect());
    assert_eq!(mixed.unwrap().iter().filter(|n| **n <= 250).count(), 100);
    let few = read((1..=500).map(|n| if n > 490 { dated(n) } else { sighting(n, None) }).collect());
    assert_eq!(few.unwrap().iter().filter(|n| **n <= 490).count(), 190);
}

#[test]
fn what_was_read_before_is_no_part_of_it() {
    let known = |n: usize| Sighting {
        is: Is::Known(Known { hash: "x".into(), ..Known::default() }, None),
        ..sighting(n, None)
    };
    assert_eq!(read((1..500).map(known).collect()), None);
}
