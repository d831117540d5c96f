//! The times accepted with a baseline, where this host can be compared with the one they were measured on.

use super::options::SessionError;
use crate::baseline::{Baseline, Beside, Host, Latencies, Store};
use crate::gate::Times;

/// The times accepted with a baseline by case, or why there are none to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptedTimes(Result<Latencies, String>);

impl AcceptedTimes {
    /// Reads them.
    pub fn of(store: &Store, baseline: Option<&Baseline>) -> Result<Self, SessionError> {
        let Some(baseline) = baseline else { return Ok(Self(Err("there is no baseline".to_owned()))) };
        Ok(Self(match store.timings(&baseline.suite, &baseline.run)? {
            Beside::Found(timings) if timings.host != Host::this() => {
                Err("the baseline's times were measured on another host".to_owned())
            }
            Beside::Found(timings) => Ok(timings.latency_ms),
            Beside::Absent => Err("the baseline has no times".to_owned()),
            Beside::Ignored(why) => Err(why),
        }))
    }

    /// The same as the gate takes it.
    pub fn as_times(&self) -> Times<'_> {
        match &self.0 {
            Ok(times) => Times::Known(times),
            Err(why) => Times::Unknown(why),
        }
    }
}
