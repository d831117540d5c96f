//! Bytes put aside one after the other and read back from any place: in memory while they are few, in a
//! file without a name once they are many. The system takes the file away with the process.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

/// Bytes that stay in memory.
const IN_MEMORY: usize = 1 << 20;

/// Bytes that are written to the file at once.
const BLOCK: usize = 256 << 10;

/// A spool being written.
#[derive(Debug)]
pub struct Writer {
    /// Where the file would be.
    folder: PathBuf,
    file: Option<File>,
    /// Bytes in the file.
    written: u64,
    buffer: Vec<u8>,
}

/// A spool that is complete.
#[derive(Debug)]
pub struct Spool {
    file: Option<File>,
    memory: Vec<u8>,
}

impl Writer {
    /// Nothing yet; a file, should one be needed, is made in the folder, or among the system's temporary
    /// files where that cannot be written.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, file: None, written: 0, buffer: Vec::new() }
    }

    /// Where the next byte goes.
    pub const fn position(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// The bytes that go next; whatever is added to them is put aside.
    pub const fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Writes to the file what is too much for the memory. To be called after each addition.
    pub fn settle(&mut self) -> io::Result<()> {
        let most = if self.file.is_some() { BLOCK } else { IN_MEMORY };
        if self.buffer.len() > most { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(self.create()?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(&self.buffer)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        self.buffer.shrink_to(BLOCK);
        Ok(())
    }

    fn create(&self) -> io::Result<File> {
        let near = std::fs::create_dir_all(&self.folder).and_then(|()| tempfile::tempfile_in(&self.folder));
        near.or_else(|_| tempfile::tempfile())
    }

    /// The spool, complete.
    pub fn finish(mut self) -> io::Result<Spool> {
        if self.file.is_some() {
            self.flush()?;
            self.buffer = Vec::new();
        }
        self.buffer.shrink_to_fit();
        Ok(Spool { file: self.file, memory: self.buffer })
    }
}

impl Spool {
    /// Reads as many bytes as there is room for.
    pub fn read(&self, from: u64, into: &mut [u8]) -> io::Result<()> {
        if let Some(file) = &self.file {
            return read_at(file, from, into);
        }
        let found = usize::try_from(from).ok().and_then(|from| self.memory.get(from..));
        let found = found.and_then(|rest| rest.get(..into.len()));
        into.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// Reads as many bytes of a file as there is room for, wherever others read.
#[cfg(unix)]
pub fn read_at(file: &File, from: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, from)
}

/// Reads as many bytes of a file as there is room for, wherever others read.
#[cfg(windows)]
pub fn read_at(file: &File, mut from: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, from)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                from += read as u64;
                into = &mut into[read..];
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spooled(parts: usize) -> (Spool, Vec<u64>) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::new(folder.path().join("new"));
        let mut places = Vec::new();
        for part in 0..parts {
            places.push(writer.position());
            writer.buffer().extend_from_slice(format!("{part:0100}").as_bytes());
            writer.settle().unwrap();
        }
        (writer.finish().unwrap(), places)
    }

    #[test]
    fn what_is_put_aside_is_read_back_from_memory_and_from_a_file() {
        for parts in [3, 50_000] {
            let (spool, places) = spooled(parts);
            assert_eq!(spool.file.is_some(), parts > 3);
            for part in [0, parts / 2, parts - 1] {
                let mut found = [0; 100];
                spool.read(places[part], &mut found).unwrap();
                assert_eq!(std::str::from_utf8(&found), Ok(format!("{part:0100}").as_str()));
            }
            let end = places[parts - 1] + 1;
            assert!(spool.read(end, &mut [0; 100]).is_err(), "beyond the end is nothing");
        }
    }
}
