//! Clusters of failures' texts: time for 500, for as many as are compared each with each, and for many more.
//!
//! `cargo bench --bench distil`. The texts are made of words drawn at random, 12 to a text, of 12 kinds with words of
//! their own. Ends with an error when 500 take longer than a second.

use holdline::distil::cluster::{CUT, MOST, cluster};
use holdline::expand::stream::Stream;
use std::process::ExitCode;
use std::time::Instant;

/// Kinds of texts, words of each, and words that all have.
const KINDS: usize = 12;
const OWN: usize = 12;
const SHARED: usize = 400;
/// Words of a text.
const WORDS: usize = 12;
/// The longest that 500 may take, in seconds.
const BAR: f64 = 1.0;

fn word(stream: &mut Stream) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "co", "di", "fen", "gu", "hal", "in", "jo", "ka", "lum", "me", "nor", "o", "pil", "qua", "ri",
        "sen", "tu", "ul", "ve", "wil", "xan", "yo", "zet",
    ];
    (0..2 + stream.index(3)).map(|_| SYLLABLES[stream.index(SYLLABLES.len())]).collect()
}

fn texts(count: usize) -> Vec<String> {
    let mut stream = Stream::new(&[b"bench", b"distil"]);
    let shared: Vec<String> = (0..SHARED).map(|_| word(&mut stream)).collect();
    let own: Vec<Vec<String>> = (0..KINDS).map(|_| (0..OWN).map(|_| word(&mut stream)).collect()).collect();
    (0..count)
        .map(|_| {
            // Skewed: the first kinds are the most frequent.
            let kind = stream.index(KINDS).min(stream.index(KINDS));
            let pick = |stream: &mut Stream, list: &[String]| list[stream.index(list.len())].clone();
            let words: Vec<String> = (0..WORDS)
                .map(|_| {
                    if stream.chance(0.5) {
                        pick(&mut stream, &own[kind])
                    } else {
                        pick(&mut stream, &shared)
                    }
                })
                .collect();
            words.join(" ")
        })
        .collect()
}

fn main() -> ExitCode {
    let mut held = true;
    println!("texts     seconds   clusters   beside 500");
    let mut first = None;
    for count in [500, MOST, 30_000] {
        let texts = texts(count);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let begun = Instant::now();
        let found = cluster(&texts, CUT);
        let seconds = begun.elapsed().as_secs_f64();
        let beside = seconds / *first.get_or_insert(seconds);
        println!("{count:<9} {seconds:<9.3} {:<10} {beside:.1}", found.medoids.len());
        held &= count != 500 || seconds < BAR;
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
