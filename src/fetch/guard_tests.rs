//! Addresses in every spelling, by example and by property.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn special_addresses_are_refused() {
    let all = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 \
               172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 \
               203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 fc00::1 \
               fd00:ec2::254 fe80::1 fec0::1 ff02::1 2001::1 2001:db8::1 3fff::1 100::1 64:ff9b:1::1 5f00::1 \
               ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::192.168.0.1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1::1";
    for text in all.split_whitespace() {
        assert!(!allowed(ip(text), &[]), "{text} passed");
    }
}

#[test]
fn public_addresses_pass() {
    let all = "1.1.1.1 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 172.15.255.255 \
               172.32.0.1 192.0.1.1 198.17.255.255 198.20.0.1 223.255.255.255 2606:4700::1111 2a00:1450::1 \
               ::ffff:1.1.1.1 64:ff9b::1.1.1.1 2002:101:101::1";
    for text in all.split_whitespace() {
        assert!(allowed(ip(text), &[]), "{text} refused");
    }
}

#[test]
fn allow_opens_what_it_names_and_no_more() {
    let allow: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    for text in ["127.0.0.1", "127.255.0.1", "::ffff:127.0.0.1", "fd12::1"] {
        assert!(allowed(ip(text), &allow), "{text} refused");
    }
    for text in ["10.0.0.1", "::1", "fc00::1", "::ffff:10.0.0.1"] {
        assert!(!allowed(ip(text), &allow), "{text} passed");
    }
}

#[test]
fn the_refusal_says_what_and_what_to_do() {
    let url = Url::parse("http://0x7f.1/").unwrap();
    insta::assert_snapshot!(
        Guard::new(&[]).check(&url).unwrap_err(),
        @"127.0.0.1 is a loopback address; to reach it, name its network in `allow` of [fetch]"
    );
}

#[test]
fn a_name_keeps_its_public_addresses() {
    let found: Vec<SocketAddr> = vec!["10.0.0.1:0".parse().unwrap(), "1.1.1.1:0".parse().unwrap()];
    let guard = Guard::new(&[]);
    assert_eq!(guard.filter("a.example", &found).unwrap(), found[1..]);
    insta::assert_snapshot!(
        guard.filter("a.example", &found[..1]).unwrap_err(),
        @"a.example leads to 10.0.0.1, a private address; to reach it, name its network in `allow` of [fetch]"
    );
    assert_eq!(guard.filter("a.example", &[]).unwrap(), []);
}

proptest! {
    #[test]
    fn wrapping_an_ipv4_address_never_changes_the_verdict(bits: u32, rest: u64, allow in 0u8..=8) {
        let v4 = Ipv4Addr::from(bits);
        let [a, b, c, d] = v4.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let tail = Ipv6Addr::from(u128::from(rest)).segments();
        let allow = [IpNet::new(IpAddr::V4(v4), 32 - allow).unwrap().trunc()];
        for wrapped in [
            v4.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, tail[4], tail[5], tail[6], tail[7], 0),
        ] {
            prop_assert_eq!(allowed(wrapped.into(), &[]), allowed(v4.into(), &[]));
            prop_assert!(allowed(wrapped.into(), &allow));
        }
    }

    #[test]
    fn std_agrees_about_what_it_knows(bits: u32) {
        let ip = Ipv4Addr::from(bits);
        let known = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast()
            || ip.is_broadcast() || ip.is_documentation() || ip.is_unspecified();
        prop_assert!(!known || special(ip.into()).is_some());
    }

    #[test]
    fn outside_global_unicast_nothing_passes(bits: u128) {
        let ip = Ipv6Addr::from(bits);
        let passes = allowed(ip.into(), &[]);
        prop_assert!(!passes || bits >> 125 == 1 || inner(ip).is_some());
    }

    #[test]
    fn every_spelling_in_a_url_is_judged(bits: u32, spelling in 0usize..4) {
        let ip = Ipv4Addr::from(bits);
        let host = match spelling {
            0 => ip.to_string(),
            1 => bits.to_string(),
            2 => format!("0x{bits:x}"),
            _ => format!("0{bits:o}"),
        };
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        prop_assert_eq!(Guard::new(&[]).check(&url).is_ok(), allowed(ip.into(), &[]));
    }
}
