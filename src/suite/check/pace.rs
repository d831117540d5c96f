//! Checks of how requests are repeated and paced: `retries` and `rate`.

use super::Checker;
use crate::suite::document::Node;

/// Most times that a request may be repeated.
const MOST_RETRIES: u32 = 10;

impl Checker<'_> {
    /// `[run] retries` and `rate`.
    pub(super) fn run_pace(&mut self, run: &Node) {
        let retries = self.spec.run.retries;
        if retries > MOST_RETRIES {
            let bad = self.at("out-of-range", format!("`retries` cannot be {retries}"), run.field("retries"));
            self.out.push(bad.help(format!("write a number from 0 to {MOST_RETRIES}")));
        }
        let target = &self.spec.target;
        let ways = [
            ("command", target.command.is_some()),
            ("recorded", target.recorded.is_some()),
            ("in_process", target.in_process.is_some()),
        ];
        let way = ways.into_iter().find_map(|(way, named)| named.then_some(way));
        if let (Some(way), Some(_)) = (way, self.spec.run.rate) {
            let what = format!("`rate` is for requests to a host, and a target with `{way}` sends none");
            let idle = self.at_key("misplaced-key", what, run.field("rate"));
            self.out.push(idle.help("leave it out; `concurrency` bounds how much goes on at once"));
        }
    }
}
