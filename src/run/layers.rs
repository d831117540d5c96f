//! What stands between a suite's cases and its target: limits of hosts, and requests repeated.

use super::pace::Pace;
use super::retry::Retrying;
use crate::suite::Suite;
use crate::target::Target;
use std::sync::Arc;
use tokio::time::Instant;

/// The target of a suite with its requests paced and repeated as `[run]` says. Programs, closures and
/// recordings are asked as they are: nothing between us and them comes and goes. `pace` is the one of the
/// run, and `deadline` the end of the suite's time.
pub fn layers(
    target: Arc<dyn Target>,
    suite: &Suite,
    pace: &Arc<Pace>,
    deadline: Option<Instant>,
) -> Arc<dyn Target> {
    let spec = &suite.spec;
    if spec.target.http.is_none() && spec.target.chat.is_none() {
        return target;
    }
    let paced = Arc::new(pace.paced(target, &spec.run));
    if spec.run.retries == 0 {
        return paced;
    }
    Arc::new(Retrying::new(paced, spec.run.retries, spec.seed, deadline))
}
