//! Ctrl-C and SIGTERM end a run in order: nothing more is begun, what is in flight may come to its end within
//! the suite's grace time, the application is stopped, and what was done is kept.

use crate::exit::Exit;
use std::time::Duration;
use tokio::sync::watch;

/// How long work that is to end at once may take to come to a place where it can be dropped.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Does some work that signals may end; must be called within a runtime. The receiver that the work
/// is given turns true with the first signal. With a second one the work is dropped where it stands,
/// which kills the application and all its children, and there is nothing to return.
pub async fn until_signalled<T>(work: impl AsyncFnOnce(watch::Receiver<bool>) -> T) -> Option<T> {
    let (stop, stopping) = watch::channel(false);
    let (drop_it, mut dropping) = watch::channel(false);
    // A task of its own, so that signals are heard while the work computes.
    let listener = tokio::spawn(async move {
        if signal().await {
            eprintln!(
                "stopping as soon as what is in flight is done; what is done is kept. Once more to stop at once."
            );
            // Nobody listens any more when the work is already over.
            let _ = stop.send(true);
            if signal().await {
                let _ = drop_it.send(true);
                tokio::time::sleep(AT_ONCE).await;
                std::process::exit(Exit::Undecided.code().into());
            }
        }
        // Signals cannot be had; the senders stay alive, so that waiting for them does not end.
        stop.closed().await;
        drop_it.closed().await;
    });
    let done = tokio::select! {
        biased;
        Ok(_) = dropping.wait_for(|now| *now) => None,
        done = work(stopping) => Some(done),
    };
    listener.abort();
    done
}

/// Waits for a signal to end; false where signals cannot be had.
#[cfg(unix)]
async fn signal() -> bool {
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.is_ok(),
        _ = terminate.recv() => true,
    }
}

/// Waits for a signal to end; false where signals cannot be had.
#[cfg(not(unix))]
async fn signal() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
