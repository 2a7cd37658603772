//! What ends the loop: SIGTERM, as service managers and containers send it, and SIGINT, the interrupt key.

use std::io;

use tokio::sync::mpsc;

use super::Event;

/// Passes signals on until the loop has ended.
#[cfg(unix)]
pub(super) fn listen(events: mpsc::Sender<Event>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                () = events.closed() => return,
            }
            if events.send(Event::Stop).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Passes the interrupt key on until the loop has ended.
#[cfg(not(unix))]
pub(super) fn listen(events: mpsc::Sender<Event>) -> io::Result<()> {
    tokio::spawn(
        async move { while tokio::signal::ctrl_c().await.is_ok() && events.send(Event::Stop).await.is_ok() {} },
    );
    Ok(())
}
