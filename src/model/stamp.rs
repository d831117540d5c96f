//! The moment a request goes out: a body that remembers when the connection took it up.

use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::time::Instant;

/// A body that remembers when its request was taken up by a connection. HTTP/1 asks a body whether it is
/// empty just before it writes the head, when the connection is there: whatever it took to look up the host,
/// to connect and to agree on TLS is over by then.
pub(super) struct Stamped {
    body: reqwest::Body,
    begun: Arc<OnceLock<Instant>>,
}

impl Stamped {
    /// The body with the place where its moment will be.
    pub(super) fn new(body: reqwest::Body) -> (Self, Arc<OnceLock<Instant>>) {
        let begun = Arc::default();
        (Self { body, begun: Arc::clone(&begun) }, begun)
    }
}

impl Body for Stamped {
    type Data = <reqwest::Body as Body>::Data;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.begun.get_or_init(Instant::now);
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
