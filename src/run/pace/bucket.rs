//! So many requests in a time (the generic cell rate algorithm: a leaky bucket that remembers one moment).

use std::time::Duration;
use tokio::time::Instant;

/// What may be sent at once after a pause: as much as belongs to this time, and one request in any case.
const BURST: Duration = Duration::from_millis(250);

/// A bucket that lets one request through an interval, in the mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    interval: Duration,
    /// When the next request would be sent if all were spaced evenly.
    due: Option<Instant>,
}

impl Bucket {
    pub(super) const fn new(interval: Duration) -> Self {
        Self { interval, due: None }
    }

    /// Takes the longer of the intervals.
    pub(super) fn slow_down(&mut self, interval: Duration) {
        self.interval = self.interval.max(interval);
    }

    /// When the next request may be sent, where that is not now.
    pub(super) fn wait(&self, now: Instant) -> Option<Instant> {
        let ahead = BURST.saturating_sub(self.interval);
        let due = self.due?;
        (due > now + ahead).then(|| due - ahead)
    }

    /// A request is sent.
    pub(super) fn take(&mut self, now: Instant) {
        self.due = Some(self.due.map_or(now, |due| due.max(now)) + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When requests go that all want to go at once, in milliseconds.
    fn times(interval: u64, requests: usize, start: Instant) -> Vec<u128> {
        let mut bucket = Bucket::new(Duration::from_millis(interval));
        let mut now = start;
        (0..requests)
            .map(|_| {
                now = bucket.wait(now).unwrap_or(now);
                bucket.take(now);
                (now - start).as_millis()
            })
            .collect()
    }

    #[test]
    fn a_quarter_of_a_second_goes_at_once_and_the_rest_evenly() {
        let start = Instant::now();
        assert_eq!(times(50, 8, start), [0, 0, 0, 0, 0, 50, 100, 150]);
        assert_eq!(times(100, 5, start), [0, 0, 50, 150, 250]);
        assert_eq!(times(1000, 3, start), [0, 1000, 2000], "slow ones are spaced from the first");
    }

    #[test]
    fn a_pause_earns_no_more_than_that() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Duration::from_millis(50));
        bucket.take(start);
        let later = start + Duration::from_hours(1);
        let mut sent = 0;
        while bucket.wait(later).is_none() {
            bucket.take(later);
            sent += 1;
        }
        assert_eq!(sent, 5);
        bucket.slow_down(Duration::from_millis(20));
        assert_eq!(bucket.interval.as_millis(), 50, "the slower one holds");
    }
}
