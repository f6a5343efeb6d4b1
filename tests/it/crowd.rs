//! One host with more overdue sources than a turn of the scheduler considers.

use std::time::Duration;

use tokio::time::sleep;

use super::support::house::House;
use super::support::press::page;

#[tokio::test(start_paused = true)]
async fn one_large_host_keeps_no_other_waiting() {
    let house = House::new("2023-09-04T12:00:00Z");
    house.web.serve("https://a.example/", page("Calm", &["All is calm."], &[]));
    let daemon = house.start(
        "[fetch]\ninterval = \"5m\"\n[[page]]\nurl = \"https://a.example/\"\nwatch = \"main\"\n[topic.t]\nall = [\"x\"]\n",
    );
    sleep(Duration::from_mins(1)).await;
    // What cannot be asked stays overdue, as what waits for its turn at one host does.
    let db = rusqlite::Connection::open(house.folder.path().join("newswatch.db")).unwrap();
    db.execute_batch(
        "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 2999)
         INSERT INTO source (id, kind, url, host, configured, next_check, why_next)
         SELECT 'big' || n, 'feed', '', 'big.example', 1, n, '' FROM n",
    )
    .unwrap();
    sleep(Duration::from_mins(19)).await;
    daemon.stop().await;
    let asked = house.web.asked("https://a.example/");
    assert!(asked >= 3, "asked {asked} times in 20 minutes");
}
