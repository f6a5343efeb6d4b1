//! Integration tests: one binary, so that it links once.

#![allow(unreachable_pub, reason = "the modules of one binary")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "pages and feeds are short here")]

mod support;

mod cli;
mod discover;
mod conditional;
mod crowd;
mod fetch;
mod health;
mod hostile;
mod identity;
mod ingest;
mod journey;
mod kill;
mod notify;
mod offline;
mod page_manners;
mod polling;
mod real;
mod recall;
mod regressions;
mod reload;
mod rooms;
mod sitemap_health;
mod sitemaps;
mod units;
mod templates;
mod watched;
mod week;
