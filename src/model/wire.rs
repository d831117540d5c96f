//! One HTTP exchange: a limit on its time and on its size, and errors that say what happened.

use super::error::{ModelError, ModelErrorKind, excerpt};
use super::retry_after::retry_after;
use super::stamp::Stamped;
use crate::suite::secret::Secrets;
use reqwest::{Body, Client, Request, Response, Url, redirect};
use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Most bytes of an error's body that are looked at.
const ERROR_BODY: usize = 4096;

/// How long an error's body is waited for once its status is known.
const ERROR_WAIT: Duration = Duration::from_millis(250);

/// Idle connections are given up before common servers close them (gunicorn after 2 s, Node after
/// 5 s), so that a request does not meet a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(1);

/// Sends requests, keeps connections alive between them, and bounds every exchange.
///
/// Redirects are not followed: an answer must come from the address that the suite names. Plain
/// `http` and loopback never go through a proxy; `https` to elsewhere honours `HTTPS_PROXY` and
/// `NO_PROXY`.
#[derive(Debug)]
pub struct Wire {
    timeout: Duration,
    limit: u64,
    secrets: Arc<Secrets>,
    /// One client for each [`Route`], made when first needed: reading the system's root certificates
    /// takes longer than a run against loopback.
    clients: [OnceLock<Client>; 3],
}

/// The kinds of connection that need clients of their own.
#[derive(Debug, Clone, Copy)]
enum Route {
    Plain,
    SecureLoopback,
    Secure,
}

/// A complete reply with a status of 2xx.
#[derive(Debug)]
pub struct Reply {
    /// The body.
    pub body: Vec<u8>,
    /// Milliseconds from just before the first byte is written to the last byte read, as
    /// [`Wire::ask`] measures it.
    pub latency_ms: f64,
}

impl Reply {
    /// The body as text.
    pub fn text(self) -> Result<String, ModelError> {
        text(self.body)
    }
}

/// The bytes as text, without a byte-order mark.
fn text(bytes: Vec<u8>) -> Result<String, ModelError> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        ModelError::new(ModelErrorKind::NotText, format!("the reply is not UTF-8 (byte {at})"))
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// The address as it may be shown: without query, fragment, user and password.
pub fn address(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // Refused only for addresses without a host, which have nothing to take away.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.into()
}

impl Wire {
    /// A wire whose exchanges take at most `timeout` and whose replies have at most `limit` bytes.
    /// The parts of replies that errors quote are free of `secrets`.
    pub fn new(timeout: Duration, limit: u64, secrets: Arc<Secrets>) -> Self {
        Self { timeout, limit, secrets, clients: [const { OnceLock::new() }; 3] }
    }

    /// Whether the address answers with 2xx; the body is not read.
    pub async fn probe(&self, url: Url) -> Result<(), ModelError> {
        self.send(Request::new(reqwest::Method::GET, url)).await.map(drop)
    }

    /// Sends a request and reads the whole reply.
    ///
    /// Its time begins when a connection has taken the request up and is about to write the first byte, and
    /// ends when the last byte of the body was read. Looking up the host, connecting and agreeing on TLS are
    /// not in it, nor is anything that a request waits for before it is handed to this function. What is in
    /// it beside the server and the network: writing the request, reading the reply, and whatever this
    /// process takes to come back to a connection that is ready. The limit on the time, in contrast, begins
    /// with the call: a host that accepts no connection is given up as well.
    pub async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let mut incoming = self.send(request).await?;
        let mut body = Vec::new();
        while incoming.read(&mut body).await? {}
        Ok(Reply { body, latency_ms: incoming.elapsed_ms() })
    }

    /// Sends a request and reads the reply up to its body.
    pub(super) async fn send(&self, mut request: Request) -> Result<Incoming, ModelError> {
        let place = address(request.url());
        let client = self.client(request.url())?;
        let (body, begun) = Stamped::new(request.body_mut().take().unwrap_or_default());
        *request.body_mut() = Some(Body::wrap(body));
        let handed = Instant::now();
        let deadline = handed + self.timeout;
        let response = match timeout_at(deadline, client.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(broken(&error, &place)),
            Err(_) => return Err(too_late(&place, self.timeout)),
        };
        let incoming = Incoming {
            response,
            place,
            started: begun.get().copied().unwrap_or(handed),
            deadline,
            timeout: self.timeout,
            limit: self.limit,
            read: 0,
            secrets: Arc::clone(&self.secrets),
        };
        if !incoming.response.status().is_success() {
            return Err(incoming.bad_status().await);
        }
        if incoming.response.content_length().is_some_and(|length| length > self.limit) {
            return Err(incoming.too_large());
        }
        Ok(incoming)
    }

    fn client(&self, url: &Url) -> Result<&Client, ModelError> {
        let route = match url.scheme() {
            "http" => Route::Plain,
            "https" if is_loopback(url) => Route::SecureLoopback,
            "https" => Route::Secure,
            other => {
                return Err(ModelError::new(
                    ModelErrorKind::Request,
                    format!("`{other}:` is not `http:` or `https:`"),
                ));
            }
        };
        let slot = &self.clients[route as usize];
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = route.client().map_err(|error| {
            ModelError::new(
                ModelErrorKind::Connection,
                format!("the HTTP client could not be set up: {}", innermost(&error)),
            )
        })?;
        Ok(slot.get_or_init(|| client))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Route {
    fn client(self) -> reqwest::Result<Client> {
        let builder = Client::builder()
            .user_agent(concat!("holdline/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .pool_idle_timeout(IDLE);
        // An embedding program may have chosen a provider already, and then keeps its choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match self {
            Self::Plain => {
                let without_roots = rustls::ClientConfig::builder()
                    .with_root_certificates(rustls::RootCertStore::empty())
                    .with_no_client_auth();
                builder.tls_backend_preconfigured(without_roots).no_proxy().build()
            }
            Self::SecureLoopback => builder.no_proxy().build(),
            Self::Secure => builder.build(),
        }
    }
}

/// A reply whose body is still to be read.
pub(super) struct Incoming {
    response: Response,
    place: String,
    started: Instant,
    deadline: Instant,
    timeout: Duration,
    limit: u64,
    read: u64,
    secrets: Arc<Secrets>,
}

impl Incoming {
    /// Appends what came next; false at the end of the body.
    pub(super) async fn read(&mut self, into: &mut Vec<u8>) -> Result<bool, ModelError> {
        match timeout_at(self.deadline, self.response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                self.read += chunk.len() as u64;
                if self.read > self.limit {
                    return Err(self.too_large());
                }
                into.extend_from_slice(&chunk);
                Ok(true)
            }
            Ok(Ok(None)) => Ok(false),
            Ok(Err(error)) => Err(broken(&error, &self.place)),
            Err(_) => Err(too_late(&self.place, self.timeout)),
        }
    }

    /// Milliseconds since just before the first byte was written.
    pub(super) fn elapsed_ms(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1e3
    }

    /// Whether the server says that the body is of this type.
    pub(super) fn is(&self, media_type: &str) -> bool {
        let header = self.response.headers().get(reqwest::header::CONTENT_TYPE);
        let named = header.and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        named.is_some_and(|named| named.trim().eq_ignore_ascii_case(media_type))
    }

    /// The beginning of a part of the reply, for messages. Secrets go before the text is cut, lest
    /// half of one stays.
    pub(super) fn excerpt(&self, text: &str) -> String {
        excerpt(&self.secrets.redact(text))
    }

    /// The address, as it may be shown.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    async fn bad_status(mut self) -> ModelError {
        let status = self.response.status();
        let retry_after = retry_after(self.response.headers());
        let mut message = format!("{} answered {status}", self.place);
        if status.is_redirection() {
            let to = self.response.headers().get(reqwest::header::LOCATION);
            let to = to.and_then(|to| to.to_str().ok()).and_then(|to| self.response.url().join(to).ok());
            let to = to.map(|to| format!(" to {}", address(&to))).unwrap_or_default();
            message =
                format!("{message}, a redirect{to}; redirects are not followed: name the final address");
        }
        self.limit = u64::MAX;
        self.deadline = self.deadline.min(Instant::now() + ERROR_WAIT);
        let mut body = Vec::new();
        // The status is what went wrong; a body that breaks off takes nothing away from that.
        while body.len() < ERROR_BODY && self.read(&mut body).await == Ok(true) {}
        body.truncate(ERROR_BODY);
        let body = self.excerpt(&String::from_utf8_lossy(&body));
        if !body.is_empty() {
            message.push_str(": ");
            message.push_str(&body);
        }
        ModelError {
            status: Some(status.as_u16()),
            retry_after_ms: retry_after.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            ..ModelError::new(ModelErrorKind::Status, message)
        }
    }

    fn too_large(&self) -> ModelError {
        ModelError::new(
            ModelErrorKind::TooLarge,
            format!("the reply of {} is over the limit of {} bytes (`max_answer`)", self.place, self.limit),
        )
    }
}

fn too_late(place: &str, timeout: Duration) -> ModelError {
    ModelError::new(ModelErrorKind::Timeout, format!("no complete answer from {place} within {timeout:?}"))
}

fn broken(error: &reqwest::Error, place: &str) -> ModelError {
    let (kind, message) = if is_refused(error) {
        (ModelErrorKind::Refused, format!("nobody listens at {place}"))
    } else if error.is_dns() {
        (ModelErrorKind::Connection, format!("the host of {place} is not known: {}", innermost(error)))
    } else if error.is_builder() {
        (ModelErrorKind::Request, format!("no request can be made to {place}: {}", innermost(error)))
    } else if error.is_connect() {
        (ModelErrorKind::Connection, format!("no connection to {place}: {}", innermost(error)))
    } else {
        let what = "the connection broke before the answer was complete";
        (ModelErrorKind::Connection, format!("{place}: {what}: {}", innermost(error)))
    };
    ModelError::new(kind, message)
}

fn is_refused(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        source = error.source();
    }
    false
}

/// The error at the bottom, which knows what happened and names no address.
fn innermost(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    excerpt(&innermost.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        let url = Url::parse("https://me:pass@host:8443/a/b?key=1#f").unwrap();
        assert_eq!(address(&url), "https://host:8443/a/b");
    }

    #[test]
    fn loopback_is_known_by_name_and_by_number() {
        for (url, loopback) in [
            ("https://localhost/", true),
            ("https://127.0.0.9:1/", true),
            ("https://[::1]:1/", true),
            ("https://localhost.example/", false),
            ("https://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), loopback, "{url}");
        }
    }

    /// Takes 300 ms to find the host.
    struct SlowNames;

    impl reqwest::dns::Resolve for SlowNames {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                let here: reqwest::dns::Addrs = Box::new(std::iter::once(([127, 0, 0, 1], 0).into()));
                Ok(here)
            })
        }
    }

    /// Of the time of the whole exchange, 300 ms go by before there is a connection, and 50 ms behind the
    /// request: the latency has the second in it and not the first, with a body and without.
    #[tokio::test]
    async fn the_time_of_an_exchange_begins_when_there_is_a_connection() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://slow.test:{}/", listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
                let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
                let _ = stream.write_all(reply).await;
            }
        });
        let wire = Wire::new(Duration::from_secs(20), 100, Arc::default());
        let client = Client::builder().no_proxy().dns_resolver(Arc::new(SlowNames)).build().unwrap();
        wire.clients[Route::Plain as usize].set(client).unwrap();
        for body in [None, Some("question")] {
            let mut request = Request::new(reqwest::Method::POST, url.parse().unwrap());
            *request.body_mut() = body.map(Body::from);
            let begin = Instant::now();
            let reply = wire.ask(request).await.unwrap();
            let whole = begin.elapsed().as_secs_f64() * 1e3;
            assert_eq!(reply.body, b"hi");
            assert!(reply.latency_ms >= 50.0, "{}", reply.latency_ms);
            assert!(reply.latency_ms <= whole - 300.0, "{} of {whole}", reply.latency_ms);
        }
    }

    #[test]
    fn every_route_has_a_client() {
        for route in [Route::Plain, Route::SecureLoopback, Route::Secure] {
            assert!(route.client().is_ok(), "{route:?}");
        }
    }
}
