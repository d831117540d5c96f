//! Near duplicates among many short texts: time, memory, and whether the right ones are found.
//!
//! `cargo bench --bench similar [TEXTS] [THREADS]`. Ends with an error when a text is missed or wrongly
//! found, or when a time is three times its bar; the bars are for 100,000 texts.

use holdline::expand::similar::{Index, earlier_neighbours};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// Texts of each corpus that are compared with all texts before them, one by one.
const CHECKED: usize = 400;
const THRESHOLD: f64 = 0.8;

/// A corpus, how long the search may take, and how much memory at its peak.
struct Bar {
    corpus: &'static str,
    seconds: Option<f64>,
    mebibytes: Option<f64>,
}

const BARS: [Bar; 3] = [
    Bar { corpus: "diverse", seconds: Some(3.0), mebibytes: Some(150.0) },
    Bar { corpus: "templates", seconds: Some(10.0), mebibytes: None },
    // The worst that can be asked: no bar, but it has to end.
    Bar { corpus: "one template", seconds: None, mebibytes: None },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [corpus, texts, threads, how] = words.as_slice() {
        return one(corpus, number(texts, 0), number(threads, 1), how);
    }
    let texts = number(words.first().map_or("", String::as_str), 100_000);
    let threads = number(words.get(1).map_or("", String::as_str), 2);
    println!("{texts} texts, Jaccard {THRESHOLD}, {CHECKED} texts of each corpus checked by brute force\n");
    println!("corpus        search           found    wall s   CPU s   peak MiB   recall   wrong   bar");
    let mut failed = false;
    for bar in &BARS {
        for (threads, how) in [(1, "list"), (threads, "list"), (1, "stream")] {
            // A process each, so that the peak of one is not that of another.
            let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
            let counts = [texts.to_string(), threads.to_string()];
            let status = Command::new(program).arg(bar.corpus).args(counts).arg(how).status();
            failed |= !status.is_ok_and(|status| status.success());
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn number(word: &str, otherwise: usize) -> usize {
    word.parse().unwrap_or(otherwise)
}

/// Measures one search and prints a line.
fn one(corpus: &str, count: usize, threads: usize, how: &str) -> ExitCode {
    let Some(bar) = BARS.iter().find(|bar| bar.corpus == corpus) else { return ExitCode::FAILURE };
    let texts = match corpus {
        "diverse" => diverse(count),
        "templates" => templates(count, 12),
        _ => templates(count, 1),
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let (found, kept): (Vec<Option<(usize, f64)>>, Vec<usize>) = if how == "stream" {
        stream(&texts)
    } else {
        let found = earlier_neighbours(&texts, THRESHOLD, threads);
        (found.into_iter().map(|of| of.map(|of| (of.index, of.jaccard))).collect(), (0..count).collect())
    };
    let seconds = start.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu).map(|(after, before)| after - before);
    let peak = peak_mebibytes();
    let (recall, wrong) = check(&texts, &found, &kept);
    let shown = |of: Option<f64>| of.map_or_else(|| "?".to_owned(), |of| format!("{of:.2}"));
    let bars = match (bar.seconds, bar.mebibytes) {
        (Some(seconds), Some(mebibytes)) => format!("{seconds} s, {mebibytes} MiB"),
        (Some(seconds), None) => format!("{seconds} s"),
        _ => "none".to_owned(),
    };
    println!(
        "{corpus:<13} {:<15} {:>6} {seconds:>9.2} {:>7} {:>10} {recall:>8.4} {wrong:>7}   {bars}",
        if how == "stream" { how.to_owned() } else { format!("{how}, {threads} thr.") },
        found.iter().flatten().count(),
        shown(cpu),
        shown(peak),
    );
    // On a busy machine the wall clock runs while others work; the time of the processor does not.
    let taken = cpu.map_or(seconds, |cpu| cpu.min(seconds));
    let slow = bar.seconds.is_some_and(|most| taken > 3.0 * most);
    let large = bar.mebibytes.zip(peak).is_some_and(|(most, peak)| peak > most);
    if recall < 0.99 || wrong > 0 || slow || large { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The same by the filter over a stream: what each text is near to, and which texts were kept.
fn stream(texts: &[&str]) -> (Vec<Option<(usize, f64)>>, Vec<usize>) {
    let (mut index, mut kept) = (Index::new(THRESHOLD), Vec::new());
    let mut found = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let near = index.insert_or_find(text);
        if near.is_none() {
            kept.push(at);
        }
        found.push(near.map(|of| (kept[of.index], of.jaccard)));
    }
    (found, kept)
}

/// Share found of the texts that have a neighbour before them, over texts spread evenly; and how many of
/// all that were found are wrong. By sets of grams made here, not by the code that is measured.
fn check(texts: &[&str], found: &[Option<(usize, f64)>], among: &[usize]) -> (f64, usize) {
    let sets: Vec<Vec<u128>> = texts.iter().map(|text| grams(text)).collect();
    let near = |a: usize, b: usize| similarity(&sets[a], &sets[b]);
    let wrong = found
        .iter()
        .enumerate()
        .filter_map(|(at, found)| found.map(|(other, said)| (at, other, said)))
        .filter(|&(at, other, said)| {
            let is = near(at, other);
            other >= at || is < THRESHOLD || (is - said).abs() > 1e-12
        })
        .count();
    let (mut have, mut hit) = (0_usize, 0_usize);
    for at in (0..texts.len()).step_by((texts.len() / CHECKED).max(1)) {
        // A text that is found has a neighbour; only the others have to be compared with all.
        let is_found = found[at].is_some();
        let before = || among.iter().take_while(|other| **other < at);
        let has = is_found || before().any(|other| near(at, *other) >= THRESHOLD);
        have += usize::from(has);
        hit += usize::from(has && is_found);
    }
    (if have == 0 { 1.0 } else { hit as f64 / have as f64 }, wrong)
}

/// The grams of a text of five characters at least, ascending.
fn grams(text: &str) -> Vec<u128> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let packed =
        |five: &[char]| five.iter().fold(0, |sum, letter| sum << 21 | u128::from(u32::from(*letter)));
    let mut grams: Vec<u128> = letters.windows(5).map(packed).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn similarity(a: &[u128], b: &[u128]) -> f64 {
    let (mut at, mut shared) = (0, 0_usize);
    for gram in a {
        while at < b.len() && b[at] < *gram {
            at += 1;
        }
        shared += usize::from(b.get(at) == Some(gram));
    }
    shared as f64 / (a.len() + b.len() - shared) as f64
}

/// Sentences of 6 to 14 words drawn from a vocabulary of 8,000, common words more often; one in ten is an
/// earlier sentence with a letter changed.
fn diverse(count: usize) -> Vec<String> {
    let mut draw = Draw(7);
    let vocabulary: Vec<String> = (0..8000)
        .map(|_| {
            let syllables = 1 + draw.below(4);
            (0..syllables).flat_map(|_| [draw.of(&ONSETS), draw.of(&RIMES)]).collect()
        })
        .collect();
    let mut texts: Vec<String> = Vec::with_capacity(count);
    while texts.len() < count {
        if !texts.is_empty() && draw.below(10) == 0 {
            let of = draw.below(texts.len());
            let mut letters: Vec<char> = texts[of].chars().collect();
            let at = draw.below(letters.len());
            letters[at] = 'q';
            texts.push(letters.into_iter().collect());
            continue;
        }
        let words = 6 + draw.below(9);
        let text: Vec<&str> = (0..words)
            .map(|_| {
                // The lower of two draws: a word's chance falls with its rank.
                let rank = draw.below(vocabulary.len()).min(draw.below(vocabulary.len()));
                vocabulary[rank].as_str()
            })
            .collect();
        texts.push(text.join(" "));
    }
    texts
}

/// Sentences of few templates with small slots.
fn templates(count: usize, of: usize) -> Vec<String> {
    let mut draw = Draw(11);
    (0..count)
        .map(|_| {
            let (at, name, day) = (draw.below(of), draw.below(400), draw.of(&DAYS));
            let (hour, code) = (draw.below(24), draw.below(10_000));
            TEMPLATES[at]
                .replace("{name}", &format!("{}{}{}", draw.of(&ONSETS), draw.of(&RIMES), name))
                .replace("{day}", day)
                .replace("{hour}", &hour.to_string())
                .replace("{code}", &format!("{code:04}"))
        })
        .collect()
}

const ONSETS: [&str; 16] =
    ["b", "ch", "d", "f", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "w"];
const RIMES: [&str; 14] = ["a", "an", "e", "el", "en", "er", "i", "in", "o", "on", "or", "u", "um", "y"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const TEMPLATES: [&str; 12] = [
    "please book a meeting room for {name} on {day} at {hour} o'clock, reference {code}",
    "I am {name} and my order {code} has not arrived since {day}, what can I do about it?",
    "move the call with {name} from {day} to {hour} o'clock and tell everybody who was invited",
    "cancel ticket {code} for {name}",
    "what did {name} say on {day} about project {code}?",
    "send the signed contract number {code} to {name} before {day} at {hour}",
    "hello, this is {name}, I cannot log in to my account {code} since {day}",
    "how much does {name} owe us for invoice {code} that was due on {day} at {hour}?",
    "summarise the conversation with {name} that took place on {day} in room {code}",
    "remind me on {day} at {hour} to call {name} back about the claim {code}",
    "is {name} free on {day}?",
    "find every document that {name} changed after {day}, folder {code}, and sort them by size",
];

/// Numbers that are the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        // Marsaglia's xorshift; the choice is a little uneven, which does not matter here.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % end.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// Peak of resident memory, where the system tells it.
fn peak_mebibytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// Processor time of this process, where the system tells it (in ticks of 10 ms).
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold anything; the numbers follow it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}
