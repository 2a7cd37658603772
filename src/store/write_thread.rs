//! Writing on a thread of its own, so that who makes the bytes waits neither for their digest nor for the disk.

use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Bytes that are handed over at once.
const PIECE: usize = 1 << 20;
/// Pieces that may wait; then whoever makes them waits too.
const WAITING: usize = 4;

/// Lets `make` write, and writes what it gives to `out` meanwhile; gives `out` back when all of it is written.
pub(super) fn beside<W: Write + Send>(
    mut out: W,
    make: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<W> {
    let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
    thread::scope(|scope| {
        let writer = scope.spawn(move || {
            receiver.into_iter().try_for_each(|piece| out.write_all(&piece))?;
            out.flush()?;
            Ok(out)
        });
        let mut pieces = BufWriter::with_capacity(PIECE, Pieces(sender));
        let made = make(&mut pieces).and_then(|()| pieces.flush());
        drop(pieces);
        // Where the disk failed, making failed too, and only because of that.
        let written: io::Result<W> = writer.join().expect("writing does not panic");
        let out = written?;
        made.map(|()| out)
    })
}

/// Hands each piece over.
struct Pieces(SyncSender<Vec<u8>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.send(piece.to_owned()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
