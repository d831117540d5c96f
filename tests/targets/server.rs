//! A server that says byte for byte what a test wants, and remembers what it was asked.

use serde_json::Value;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a server does once it has read a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Waits.
    Pause(Duration),
    /// Closes the connection in good order.
    Close,
    /// Breaks the connection.
    Reset,
    /// Says no more and keeps the connection.
    Hang,
    /// Sends these bytes over and over.
    Forever(Vec<u8>),
    /// Waits until so many requests are there at once.
    Gather(usize),
}

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub head: String,
    pub body: String,
}

impl Asked {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&prefix))
    }
}

#[derive(Default)]
struct State {
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    present: AtomicUsize,
}

/// The server; it ends with the test's runtime.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

impl Server {
    /// Acts in the same way on every request.
    pub async fn acting(acts: impl Into<Vec<Act>>) -> Self {
        let acts = acts.into();
        Self::answering(move |_| acts.clone()).await
    }

    /// Sends one JSON answer to every request and keeps the connection.
    pub async fn json(body: &str) -> Self {
        Self::acting([Act::Send(reply("200 OK", "application/json", body))]).await
    }

    pub async fn answering(act: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let (kept, act) = (Arc::clone(&state), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                kept.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&kept), Arc::clone(&act)));
            }
        });
        Self { address, state }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    pub fn only(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1);
        asked[0].clone()
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Bytes that went out in [`Act::Forever`].
    pub fn sent(&self) -> usize {
        self.state.sent.load(Ordering::SeqCst)
    }
}

/// A reply with its length.
pub fn reply(status: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into()
}

/// A reply whose body ends where the connection does.
pub fn open_ended(media_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

async fn serve(mut stream: TcpStream, state: Arc<State>, act: Arc<impl Fn(&Asked) -> Vec<Act>>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    while let Some(asked) = read(&mut stream, &mut buffer).await {
        let acts = act(&asked);
        state.asked.lock().unwrap().push(asked);
        for act in acts {
            match act {
                Act::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Act::Pause(time) => tokio::time::sleep(time).await,
                Act::Close => return,
                Act::Reset => {
                    // Lets the client read what was sent so far.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    stream.set_zero_linger().unwrap();
                    return;
                }
                Act::Hang => std::future::pending().await,
                Act::Forever(bytes) => {
                    while stream.write_all(&bytes).await.is_ok() {
                        state.sent.fetch_add(bytes.len(), Ordering::SeqCst);
                    }
                    return;
                }
                Act::Gather(wanted) => {
                    state.present.fetch_add(1, Ordering::SeqCst);
                    while state.present.load(Ordering::SeqCst) < wanted {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                }
            }
        }
    }
}

/// Reads one request; `None` at the end of the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Asked> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let asked = Asked { head, body: String::new() };
            let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
            if buffer.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&buffer[end + 4..end + 4 + length]).into_owned();
                buffer.drain(..end + 4 + length);
                return Some(Asked { body, ..asked });
            }
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        buffer.extend_from_slice(&chunk[..read]);
    }
}
