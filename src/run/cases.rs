//! The cases of a plan: which they are in memory, what they say on the disk, so that a plan of a million
//! takes little memory.

use super::spool::{Spool, Writer};
use crate::expand::{Case, CaseId, FamilyId, Lineage, Provenance, Recent};
use crate::suite::Row;
use crate::suite::schema::{Expect, MustPass};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::ops::{Deref, Range};
use std::path::PathBuf;
use std::sync::Arc;

/// Lists of expectations, and of columns, that are kept once for all cases that share them.
const SHARED: usize = 512;

/// Names of files that are kept once for all cases from them.
const FILES: usize = 64;

/// Bytes that a reader fetches at once.
const BLOCK: usize = 64 << 10;

/// The cases of a plan, in its order.
#[derive(Debug)]
pub struct Cases {
    entries: Vec<Entry>,
    spool: Spool,
    expects: Vec<Arc<[Expect]>>,
    columns: Vec<Arc<[String]>>,
    files: Vec<Arc<str>>,
    end: u64,
}

/// What is kept of a case in memory: 32 bytes.
#[derive(Debug, Clone, Copy)]
struct Entry {
    id: CaseId,
    family: FamilyId,
    at: u64,
    scenario: u32,
}

/// Makes [`Cases`], one case after the other.
#[derive(Debug)]
pub struct CasesWriter {
    entries: Vec<Entry>,
    writer: Writer,
    expects: Shared<Expect>,
    columns: Shared<String>,
    files: Vec<Arc<str>>,
    failed: Option<io::Error>,
}

/// Lists that several cases share, by their address. One is kept from its second use on: most that are used
/// once are never used again.
#[derive(Debug)]
struct Shared<T> {
    kept: Vec<Arc<[T]>>,
    places: HashMap<usize, u32>,
    /// The last that were used once.
    seen: Recent<T>,
}

/// What a record says of a case as well, in the same words: there its text is copied.
#[derive(Serialize)]
struct Said<'a> {
    name: &'a str,
    input: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    truth: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    must_pass: MustPass,
    provenance: &'a Provenance,
}

/// What is only asked and judged with. A list stands there itself, or the number of one that several cases
/// share.
#[derive(Serialize)]
struct Rest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    t: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    w: Option<RowLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<RowLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<&'a [Expect]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<u32>,
}

#[derive(Serialize)]
struct RowLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<u32>,
    v: &'a [Value],
}

/// [`Said`] as read.
#[derive(Deserialize)]
struct OldSaid {
    name: String,
    input: Value,
    truth: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    must_pass: MustPass,
    provenance: Provenance,
}

/// [`Rest`] as read.
#[derive(Deserialize)]
struct OldRest {
    r: Option<String>,
    #[serde(default)]
    t: Vec<String>,
    w: Option<OldRow>,
    k: Option<OldRow>,
    e: Option<Vec<Expect>>,
    x: Option<u32>,
}

#[derive(Deserialize)]
struct OldRow {
    c: Option<Vec<String>>,
    x: Option<u32>,
    v: Vec<Value>,
}

/// Of [`Said`] what a table of cases needs.
#[derive(Deserialize)]
struct SaidFacts {
    truth: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    must_pass: MustPass,
    provenance: LineageOf,
}

#[derive(Deserialize)]
struct LineageOf {
    lineage: Option<Box<Lineage>>,
}

/// Of [`Rest`] what a table of cases needs.
#[derive(Deserialize)]
struct RestFacts {
    #[serde(default)]
    t: Vec<String>,
    k: Option<OldRow>,
    e: Option<Vec<Expect>>,
    x: Option<u32>,
}

/// What is to be known of a case that is not asked yet.
#[derive(Debug)]
pub struct Facts {
    /// The one label expected.
    pub truth: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// How it was made from its seed.
    pub lineage: Option<Box<Lineage>>,
    /// The values of the knobs of its template.
    pub knobs: Row,
    /// What is expected.
    pub expect: Arc<[Expect]>,
    /// How often the user speaks again of its own accord; 0 where the conversation is the scenario's.
    pub turns: usize,
}

/// Bytes that tell the length of the first of the two texts of a case.
const LENGTH: usize = size_of::<u32>();

/// Puts a case aside as two texts, with the length of the first before them.
fn put(writer: &mut Writer, said: &Said<'_>, rest: &Rest<'_>) -> io::Result<()> {
    let buffer = writer.buffer();
    let begin = buffer.len() + LENGTH;
    buffer.extend_from_slice(&[0; LENGTH]);
    serde_json::to_writer(&mut *buffer, said)?;
    let length = u32::try_from(buffer.len() - begin).map_err(io::Error::other)?;
    buffer[begin - LENGTH..begin].copy_from_slice(&length.to_le_bytes());
    serde_json::to_writer(&mut *buffer, rest)?;
    writer.settle()
}

/// The two texts of a case.
fn texts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, texts) = bytes.split_first_chunk::<LENGTH>()?;
    texts.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// A list as it was written: its own, or one of those that are kept.
fn list<T>(own: Option<Vec<T>>, number: Option<u32>, kept: &[Arc<[T]>]) -> io::Result<Arc<[T]>> {
    match (own, number) {
        (Some(own), _) => Ok(own.into()),
        (None, Some(at)) => kept.get(at as usize).cloned().ok_or_else(damaged),
        (None, None) => Err(damaged()),
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a case that was put aside cannot be read back")
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), places: HashMap::new(), seen: Recent::default() }
    }
}

impl<T> Shared<T> {
    /// The number of a list that is kept; none where it has to be written as it is.
    fn number(&mut self, list: &Arc<[T]>) -> Option<u32> {
        let address = list.as_ptr() as usize;
        // Empty lists have no address of their own.
        if list.is_empty() {
            return None;
        }
        if let Some(at) = self.places.get(&address) {
            return Some(*at);
        }
        if self.kept.len() == SHARED {
            return None;
        }
        if !self.seen.saw(list) {
            return None;
        }
        let at = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        self.kept.push(list.clone());
        self.places.insert(address, at);
        Some(at)
    }
}

fn row<'a>(shared: &mut Shared<String>, row: &'a Row) -> Option<RowLine<'a>> {
    if row.columns.is_empty() {
        return None;
    }
    let number = shared.number(&row.columns);
    Some(RowLine { c: number.is_none().then_some(&*row.columns), x: number, v: &row.values })
}

impl CasesWriter {
    /// None yet; what does not fit into memory is put aside in a file in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            entries: Vec::new(),
            writer: Writer::new(folder),
            expects: Shared::default(),
            columns: Shared::default(),
            files: Vec::new(),
            failed: None,
        }
    }

    /// Adds a case. What goes wrong is told at the end.
    pub fn push(&mut self, case: &Case) {
        if self.failed.is_some() {
            return;
        }
        self.entries.push(Entry {
            id: case.id,
            family: case.family,
            at: self.writer.position(),
            scenario: u32::try_from(case.scenario).unwrap_or(u32::MAX),
        });
        let file = &case.provenance.place.file;
        if self.files.len() < FILES && !self.files.contains(file) {
            self.files.push(file.clone());
        }
        let said = Said {
            name: &case.name,
            input: &case.input,
            truth: case.truth.as_deref(),
            tags: &case.tags,
            must_pass: case.must_pass,
            provenance: &case.provenance,
        };
        let expect = self.expects.number(&case.expect);
        let rest = Rest {
            r: case.row_id.as_deref(),
            t: &case.turns,
            w: row(&mut self.columns, &case.row),
            k: row(&mut self.columns, &case.knobs),
            e: expect.is_none().then_some(&*case.expect),
            x: expect,
        };
        self.failed = put(&mut self.writer, &said, &rest).err();
    }

    /// The cases, or why they could not be put aside.
    pub fn finish(self) -> io::Result<Cases> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut entries = self.entries;
        entries.shrink_to_fit();
        let end = self.writer.position();
        Ok(Cases {
            entries,
            spool: self.writer.finish()?,
            expects: self.expects.kept,
            columns: self.columns.kept,
            files: self.files,
            end,
        })
    }
}

impl Cases {
    /// Number of cases.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Identity of a case.
    pub fn id(&self, at: usize) -> CaseId {
        self.entries[at].id
    }

    /// Identity of the seed of a case.
    pub fn family(&self, at: usize) -> FamilyId {
        self.entries[at].family
    }

    /// Index of the scenario of a case.
    pub fn scenario(&self, at: usize) -> usize {
        self.entries[at].scenario as usize
    }

    /// Identities of all cases, in the order of the plan.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = CaseId> {
        self.entries.iter().map(|entry| entry.id)
    }

    /// Reads cases one after the other.
    pub const fn reader(&self) -> CaseReader<&Self> {
        CaseReader::new(self)
    }

    /// Every case, in the order of the plan.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<Case>> {
        let mut reader = self.reader();
        (0..self.len()).map(move |at| reader.get(at))
    }

    /// Where a list of expectations that a case has stands among those that cases share: the same list, the
    /// same number.
    pub fn shared(&self, expect: &Arc<[Expect]>) -> Option<usize> {
        // Few, and those of one scenario or family stand together.
        self.expects.iter().position(|kept| Arc::ptr_eq(kept, expect))
    }

    /// How many lists of expectations cases share.
    pub fn shared_len(&self) -> usize {
        self.expects.len()
    }

    fn row(&self, row: Option<OldRow>) -> io::Result<Row> {
        let Some(OldRow { c, x, v }) = row else { return Ok(Row::default()) };
        Ok(Row { columns: list(c, x, &self.columns)?, values: v })
    }

    fn size(&self, at: usize) -> usize {
        let end = self.entries.get(at + 1).map_or(self.end, |next| next.at);
        usize::try_from(end - self.entries[at].at).unwrap_or(usize::MAX)
    }

    fn parse(&self, at: usize, bytes: &[u8]) -> io::Result<Case> {
        let entry = &self.entries[at];
        let (said, rest) = texts(bytes).ok_or_else(damaged)?;
        let (mut said, rest): (OldSaid, OldRest) =
            (serde_json::from_slice(said)?, serde_json::from_slice(rest)?);
        let file = &mut said.provenance.place.file;
        if let Some(known) = self.files.iter().find(|known| *known == file) {
            *file = known.clone();
        }
        Ok(Case {
            id: entry.id,
            family: entry.family,
            scenario: entry.scenario as usize,
            name: said.name,
            row_id: rest.r,
            input: said.input,
            turns: rest.t,
            row: self.row(rest.w)?,
            knobs: self.row(rest.k)?,
            expect: list(rest.e, rest.x, &self.expects)?,
            truth: said.truth,
            tags: said.tags,
            must_pass: said.must_pass,
            provenance: said.provenance,
        })
    }
}

/// Reads cases, with some of those that follow each.
#[derive(Debug)]
pub struct CaseReader<C> {
    cases: C,
    from: u64,
    block: Vec<u8>,
}

impl<C> CaseReader<C> {
    /// A reader that has read nothing yet.
    pub const fn new(cases: C) -> Self {
        Self { cases, from: 0, block: Vec::new() }
    }
}

impl<C: Deref<Target = Cases>> CaseReader<C> {
    /// A case.
    pub fn get(&mut self, at: usize) -> io::Result<Case> {
        let range = self.fetch(at)?;
        self.cases.parse(at, &self.block[range])
    }

    /// What is to be known of a case before it is asked, which is read in less time than all of it.
    pub fn facts(&mut self, at: usize) -> io::Result<Facts> {
        let range = self.fetch(at)?;
        let (said, rest) = texts(&self.block[range]).ok_or_else(damaged)?;
        let (said, rest): (SaidFacts, RestFacts) =
            (serde_json::from_slice(said)?, serde_json::from_slice(rest)?);
        Ok(Facts {
            truth: said.truth,
            tags: said.tags,
            must_pass: said.must_pass,
            lineage: said.provenance.lineage,
            knobs: self.cases.row(rest.k)?,
            expect: list(rest.e, rest.x, &self.cases.expects)?,
            turns: rest.t.len(),
        })
    }

    /// What a record says of a case first, as the text of a JSON object: `name`, `input`, `truth`, `tags`,
    /// `must_pass` and `provenance`.
    pub fn said(&mut self, at: usize) -> io::Result<&[u8]> {
        let range = self.fetch(at)?;
        texts(&self.block[range]).map(|(said, _)| said).ok_or_else(damaged)
    }

    /// Sees to it that a case is in the block, and tells where.
    fn fetch(&mut self, at: usize) -> io::Result<Range<usize>> {
        let (cases, size) = (&*self.cases, self.cases.size(at));
        let from = cases.entries[at].at;
        let is_there = from >= self.from && from + size as u64 <= self.from + self.block.len() as u64;
        if !is_there {
            let rest = usize::try_from(cases.end - from).unwrap_or(usize::MAX);
            self.block.resize(size.max(BLOCK).min(rest), 0);
            cases.spool.read(from, &mut self.block)?;
            self.from = from;
        }
        let begin = usize::try_from(from - self.from).map_err(io::Error::other)?;
        Ok(begin..begin + size)
    }
}
