//! Pages that are watched, from bytes to alert: what is news on them, and what is not.

use std::time::Duration;

use newswatch::alert::AlertKind;
use newswatch::store::table;
use tokio::time::sleep;

use super::support::fake_web::Answer;
use super::support::house::House;

const CONFIG: &str = r#"
[fetch]
interval = "15m"
[[page]]
url = "https://a.example/statement"
watch = "main"
name = "Ministry"
[[page]]
url = "https://b.example/press"
links = "li"
name = "Press office"
[topic.t]
all = ["flood | floods"]
cooldown = "1m"
[alerts]
channels = ["log"]
"#;
const START: &str = "2023-09-04T12:00:00Z";
const PAGE: &str = "https://a.example/statement";
const HALF_HOUR: Duration = Duration::from_mins(30);

fn statement(dead: &str, clock: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Statement</title></head><body><main><h1>Statement on the flood</h1>\
         <p>Last updated 4 September 2023, {clock}</p><p>{dead} people are dead after the flood in the valley, the ministry says.</p>\
         <p>The road to the harbour is closed until the water falls.</p><p>Schools in the valley stay closed this week.</p>\
         <p>1,{clock} views</p></main></body></html>"
    )
}

fn house() -> House {
    let house = House::new(START);
    house.web.serve(PAGE, statement("12", "12:03"));
    house.web.serve("https://b.example/press", "<ul><li><a href=/old>Old</a></ul>");
    house
}

#[tokio::test(start_paused = true)]
async fn row_51_a_clock_is_no_news_and_a_number_in_a_sentence_is() {
    let house = house();
    let daemon = house.start(CONFIG);
    for clock in ["12:10", "12:44", "13:00", "13:27"] {
        sleep(HALF_HOUR).await;
        house.web.serve(PAGE, statement("12", clock));
    }
    sleep(HALF_HOUR).await;
    assert_eq!(house.log.heard(), [], "the clock went on");
    house.web.serve(PAGE, statement("13", "14:00"));
    sleep(HALF_HOUR).await;
    assert_eq!(house.log.heard().len(), 1);
    let told = house.log.told.lock().unwrap()[0].clone();
    assert!(told.body.contains("13 people are dead"), "{}", told.body);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_for_a_page_is_a_failure_and_the_page_is_compared_with_what_it_said_before() {
    let house = house();
    let seldom = CONFIG.replace("name = \"Press office\"", "interval = \"24h\"");
    let daemon = house.start(&seldom.replace("[fetch]", "[fetch]\nbackoff = \"1m\""));
    sleep(HALF_HOUR).await;
    let main = |inside: &str| {
        format!("<html><head><title>Ministry</title></head><body><main>{inside}</main></body></html>")
    };
    for stand_in in [
        main("<p>Please log in to continue.</p>"),
        main("<p>You need to enable JavaScript to run this app.</p>"),
        main("<h1>We value your privacy</h1><p>Our partners and we store cookies.</p><p>Accept all</p>"),
        main(""),
        "<html><title>404 Not Found</title><body><main>404</main></body></html>".to_owned(),
    ] {
        house.web.serve(PAGE, stand_in.clone());
        sleep(Duration::from_hours(3)).await;
        let sources = house.reader().read(table::list_sources).unwrap();
        let failing = sources.iter().find(|source| source.url == PAGE).unwrap();
        assert!(failing.state.error.is_some(), "{stand_in}");
    }
    // One that broke off lacks what comes later; it proves nothing.
    let whole = statement("12", "12:03");
    house.web.serve(PAGE, whole.split("<p>The road").next().unwrap());
    sleep(Duration::from_hours(24)).await;
    let news =
        || house.log.heard().into_iter().filter(|(kind, _)| *kind != AlertKind::Health).collect::<Vec<_>>();
    assert_eq!(news(), []);
    house.web.serve(PAGE, statement("12", "19:30"));
    sleep(Duration::from_hours(24)).await;
    assert_eq!(news(), [], "it says what it said");
    house.web.serve(PAGE, statement("14", "20:30"));
    sleep(HALF_HOUR).await;
    assert_eq!(news().len(), 1);
    let health: Vec<_> =
        house.log.heard().into_iter().filter(|(kind, _)| *kind == AlertKind::Health).collect();
    let titles: Vec<_> = health.iter().map(|(_, title)| title.as_str()).collect();
    assert_eq!(
        titles,
        ["Ministry gives something else than it should", "Ministry is well again"],
        "once each"
    );
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_withdrawn_from_a_page_that_never_has_an_end_is_told() {
    let house = house();
    let page = |news: &str| {
        format!("<title>Ministry</title><div><main><p>All is quiet in the valley.</p>{news}</main>")
    };
    house.web.serve(PAGE, page("<p>The flood warning stands.</p>"));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    house.web.serve(PAGE, page(""));
    sleep(HALF_HOUR).await;
    assert_eq!(house.log.heard().len(), 1);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_says_next_to_nothing_of_what_it_said_is_looked_at_twice() {
    let house = house();
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    let odd = |text: &str| format!("<html><title>Ministry</title><main><p>{text}</p></main></html>");
    let error = || {
        house.reader().read(table::list_sources).unwrap().iter().find_map(|source| source.state.error.clone())
    };
    // A page in maintenance, in whatever language, that is back at the next look: as it was, or with another clock.
    for clock in ["12:03", "12:40", "12:40"] {
        house.web.serve(PAGE, odd("Palvelu on huollossa."));
        for _ in 0..30 {
            if error().is_some() {
                break;
            }
            sleep(Duration::from_mins(1)).await;
        }
        let why = "nothing is left of what the page said; the next look decides whether that is news";
        assert_eq!(error().as_deref(), Some(why));
        house.web.serve(PAGE, statement("12", clock));
        sleep(HALF_HOUR).await;
        assert_eq!((house.log.heard(), error()), (vec![], None));
    }
    // What stays so is news, and soon told.
    house.web.serve(PAGE, odd("All figures on the flood are withdrawn."));
    sleep(Duration::from_mins(35)).await;
    assert_eq!(house.log.heard().len(), 1);
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_link_is_told_and_counters_beside_old_ones_make_no_edit() {
    let house = house();
    let asked = || house.web.asked("https://b.example/old");
    house.web.script("https://b.example/old", |_| Answer::ok("<p>x"));
    let daemon = house.start(CONFIG);
    sleep(HALF_HOUR).await;
    for (views, ago) in [(10, 1), (200, 2), (3_000, 3)] {
        let html = format!(
            "<ul><li><a href=/old>Old</a> <p>Said by one. <span>{views} comments</span></p><time>{ago} hours ago</time></ul>"
        );
        house.web.serve("https://b.example/press", html);
        sleep(HALF_HOUR).await;
    }
    let before = asked();
    house.web.serve(
        "https://b.example/press",
        "<ul><li><a href=/new>Water in the valley</a><p>The floods reach the town.</p><li><a href=/old>Old</a> <p>Said by one. <span>1 comments</span></p></ul>",
    );
    sleep(HALF_HOUR).await;
    let heard = house.log.heard();
    assert!(heard.len() == 1 && heard[0].1.contains("Water in the valley"), "{heard:?}");
    assert!(before <= 1 && asked() == before, "asked {before} times, then {}", asked());
    daemon.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_in_a_sentence_is_no_change_at_every_look_and_a_toll_that_rises_is_told() {
    let house = house();
    let page = |toll: u32, minute: u32| {
        format!(
            "<!DOCTYPE html><html><title>Ministry</title><body><main><p>The flood desk's clock shows 03:{minute:02}:18 and the \
             desk is staffed.</p><p>Calls to the flood desk so far 10{minute:02} in all.</p><p>Dead in the flood: {toll}</p></main>\
             </body></html>"
        )
    };
    house.web.serve(PAGE, page(120, 0));
    let daemon = house.start(&CONFIG.replace("watch = \"main\"", "watch = \"main\"\nmax_interval = \"15m\""));
    for minute in 1..12 {
        sleep(Duration::from_mins(17)).await;
        house.web.serve(PAGE, page(120, minute));
    }
    let heard = || house.log.told.lock().unwrap().iter().map(|told| told.body.clone()).collect::<Vec<_>>();
    assert!(heard().len() <= 1 && !heard().concat().contains("clock"), "{:?}", heard());
    // A toll that rises twice in a row, and stays while the clock goes on; then the page stays as it is.
    let before = heard().len();
    for (toll, minute) in [(131, 12), (140, 13), (140, 14), (140, 15)] {
        house.web.serve(PAGE, page(toll, minute));
        sleep(Duration::from_mins(17)).await;
    }
    sleep(Duration::from_hours(2)).await;
    let told: Vec<String> = heard().into_iter().skip(before).collect();
    assert!(told.len() <= 3 && told[0].contains("Dead in the flood: 131"), "{told:?}");
    assert!(told.iter().any(|body| body.contains("Dead in the flood: 140")), "{told:?}");
    daemon.stop().await;
}
