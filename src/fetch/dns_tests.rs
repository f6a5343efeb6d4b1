//! Names in paused time, without a network.

use std::sync::Mutex;

use futures_util::future::join_all;

use super::*;

/// What a stand-in for the system was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Resolves "good…" after a second, "private" to a private address and a public one, "slow" after a minute, and
    /// nothing else.
    fn resolver(&self) -> Resolver {
        let asked = self.clone();
        let lookup: Lookup = Arc::new(move |name: String| {
            asked.0.lock().unwrap().push(name.clone());
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(if name.starts_with("slow") { 60 } else { 1 })).await;
                match name.as_str() {
                    name if name.starts_with("good") => Ok(addresses(&["2606::1", "9.9.9.9", "1.1.1.1"])),
                    "private" => Ok(addresses(&["10.0.0.1", "1.1.1.1"])),
                    "inside" => Ok(addresses(&["10.0.0.1"])),
                    _ => Err(io::Error::other("nothing known")),
                }
            })
        });
        Resolver::with(lookup, Guard::new(&[]), Duration::from_secs(10))
    }
}

fn addresses(all: &[&str]) -> Vec<SocketAddr> {
    all.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
}

async fn address(resolver: &Resolver, host: &str) -> Result<String, FetchError> {
    let url = Url::parse(&format!("https://{host}/")).unwrap();
    resolver.address(&url).await.map(|ip| ip.unwrap().to_string())
}

#[tokio::test(start_paused = true)]
async fn row_45_names_are_asked_for_once_in_a_while() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    let all = join_all((0..50).map(|_| address(&resolver, "good"))).await;
    assert!(all.iter().all(|ip| ip.as_deref() == Ok("1.1.1.1")), "{all:?}");
    assert_eq!(asked.count(), 1, "however many wait");
    tokio::time::advance(Duration::from_millis(59_999)).await;
    address(&resolver, "good").await.unwrap();
    assert_eq!(asked.count(), 1);
    tokio::time::advance(Duration::from_millis(1)).await;
    address(&resolver, "good").await.unwrap();
    assert_eq!(asked.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn row_45_what_is_not_there_is_remembered_longer_each_time() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    for wait in [30, 60, 120, 120] {
        let before = asked.count();
        let error = address(&resolver, "nowhere").await.unwrap_err();
        assert_eq!(error.class, FailureClass::Dns);
        assert_eq!(error.message, "nowhere: the name does not resolve (nothing known)");
        tokio::time::advance(Duration::from_millis(wait * 1000 - 1)).await;
        address(&resolver, "nowhere").await.unwrap_err();
        assert_eq!(asked.count(), before + 1, "{wait} s");
        tokio::time::advance(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn row_45_lookups_are_few_at_once_and_do_not_wait_for_ever() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    let begin = Instant::now();
    let names: Vec<_> = (0..UNPROVEN * 2).map(|n| format!("good{n}")).collect();
    let all = join_all(names.iter().map(|name| address(&resolver, name))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(begin.elapsed(), Duration::from_secs(2), "in two rounds");
    let error = address(&resolver, "slow").await.unwrap_err();
    assert_eq!(error.message, "slow: the name does not resolve (no answer within 10s)");
}

#[tokio::test(start_paused = true)]
async fn row_45_names_whose_servers_are_silent_hold_up_none_that_resolve() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    address(&resolver, "good").await.unwrap();
    let slow: Vec<_> = (0..LOOKUPS * 3).map(|n| format!("slow{n}")).collect();
    let others = async {
        tokio::time::sleep(Duration::from_secs(65)).await;
        let begin = Instant::now();
        address(&resolver, "good").await.unwrap();
        assert_eq!(begin.elapsed(), Duration::from_secs(1), "looked up anew, at once");
        // It is not known yet whether this one resolves.
        let error = address(&resolver, "good-new").await.unwrap_err();
        assert_eq!(
            (error.class, error.retry_after),
            (FailureClass::Held, Some(60)),
            "and nobody is to blame"
        );
    };
    let ask = |name| {
        let resolver = &resolver;
        async move {
            for _ in 0..9 {
                address(resolver, name).await.unwrap_err();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    tokio::join!(join_all(slow.iter().map(|name| ask(name.as_str()))), others);
}

#[tokio::test(start_paused = true)]
async fn row_45_one_that_gives_up_leaves_its_place_to_the_next() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    let first = tokio::time::timeout(Duration::from_millis(500), address(&resolver, "good"));
    let second = address(&resolver, "good");
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_err() && second.is_ok());
    assert_eq!(asked.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn row_45_the_filter_is_on_the_result() {
    let resolver = Asked::default().resolver();
    assert_eq!(address(&resolver, "private").await.unwrap(), "1.1.1.1");
    for _ in 0..2 {
        let error = address(&resolver, "inside").await.unwrap_err();
        assert_eq!(error.class, FailureClass::Forbidden, "remembered or not");
    }
    // The connector gets the same, less what is forbidden.
    let found = resolver.resolve("private".parse().unwrap()).await.unwrap().collect::<Vec<_>>();
    assert_eq!(found, addresses(&["1.1.1.1"]));
    let refused = resolver.resolve("inside".parse().unwrap()).await.err().unwrap();
    assert!(refused.is::<super::super::guard::Refused>());
}

#[tokio::test]
async fn addresses_need_no_lookup() {
    let asked = Asked::default();
    let resolver = asked.resolver();
    assert_eq!(address(&resolver, "[2606::1]").await.unwrap(), "2606::1");
    assert_eq!(address(&resolver, "127.1").await.unwrap(), "127.0.0.1", "literals are judged elsewhere");
    assert_eq!(asked.count(), 0);
}
