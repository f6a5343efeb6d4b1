//! The channels against the real things they speak to.

mod desktop;
mod server;
