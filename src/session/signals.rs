//! Ctrl-C and SIGTERM end a run in order: what is running is given up, the application is stopped,
//! and what was done is kept.

use tokio::sync::watch;

/// Exit code of a process that a second Ctrl-C ends at once.
const KILLED_BY_INTERRUPT: i32 = 130;

/// Listens for signals from now on; must be called within a runtime. The receiver turns true with
/// the first signal; a second one ends the process at once.
pub fn stop_on_signals() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        if signal().await {
            eprintln!("stopping; what is done is kept. Once more to stop at once.");
            // Nobody listens any more when the run is already over.
            let _ = sender.send(true);
            if signal().await {
                std::process::exit(KILLED_BY_INTERRUPT);
            }
        }
        // The sender stays alive, so that waiting for a stop does not end by itself.
        sender.closed().await;
    });
    receiver
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
