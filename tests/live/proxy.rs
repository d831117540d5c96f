//! Stands between Holdline and the model, and counts what the model replies: over real connections, byte for
//! byte. Requests are not counted: one that meets a connection which the server has just closed is sent anew.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::spawn;

/// How a reply begins.
const REPLY: &[u8] = b"HTTP/1.1 ";

/// A proxy on loopback. Its threads end with their connections, and the last of them with the test program.
#[derive(Debug)]
pub struct Proxy {
    pub port: u16,
    replies: Arc<AtomicUsize>,
}

impl Proxy {
    /// A proxy in front of a port.
    pub fn start(to: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let replies = Arc::new(AtomicUsize::new(0));
        let counts = replies.clone();
        spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, to)) else { continue };
                let (back, forth) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let counts = counts.clone();
                let mut counter = Counter::default();
                spawn(move || pass(client, forth, |_| ()));
                let count = move |bytes: &[u8]| _ = counts.fetch_add(counter.count(bytes), Ordering::SeqCst);
                spawn(move || pass(server, back, count));
            }
        });
        Self { port, replies }
    }

    /// How many requests were replied to so far.
    pub fn replies(&self) -> usize {
        self.replies.load(Ordering::SeqCst)
    }
}

/// Passes on what comes, until one side ends; each part is shown before it is passed on.
fn pass(mut from: TcpStream, mut to: TcpStream, mut show: impl FnMut(&[u8])) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        show(&buffer[..n]);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}

/// Counts beginnings of replies, also those that are cut in two.
#[derive(Debug, Default)]
struct Counter {
    tail: Vec<u8>,
}

impl Counter {
    fn count(&mut self, bytes: &[u8]) -> usize {
        self.tail.extend_from_slice(bytes);
        let found = self.tail.windows(REPLY.len()).filter(|window| *window == REPLY).count();
        // Too short to be counted again.
        self.tail.drain(..self.tail.len().saturating_sub(REPLY.len() - 1));
        found
    }
}
