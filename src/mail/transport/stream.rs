//! TCP streams for lettre's SMTP conversation, with `TCP_NODELAY` set.
//!
//! lettre 0.11.23 opens its own without it and ends a mail with a second small write: 40 ms a mail on every reused
//! connection. Once a release sets it, its `connect_tokio1` replaces this file.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{AsyncRead as _, AsyncWrite as _};
use lettre::transport::smtp;
#[expect(deprecated, reason = "the only public way to lettre's TLS before the server's greeting")]
use lettre::transport::smtp::client::AsyncNetworkStream;
use lettre::transport::smtp::client::{AsyncTokioStream, TlsParameters};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Connects to the first of the host's addresses that answers, each of them and the name's look-up within `limit`.
pub(super) async fn connect(host: &str, port: u16, limit: Duration) -> io::Result<Careful> {
    let mut failure = io::Error::other("the name has no address");
    for address in timeout(limit, lookup_host((host, port))).await?? {
        match timeout(limit, TcpStream::connect(address)).await.map_err(io::Error::from).flatten() {
            Ok(tcp) => {
                tcp.set_nodelay(true)?;
                return Ok(Careful { tcp, one_byte_a_read: true });
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Plain TCP that reads nothing ahead while STARTTLS may still come.
///
/// lettre keeps what it read beyond the answer to STARTTLS and takes it for an answer inside the encryption, so
/// somebody on the way could put words into the server's mouth. Left in the socket, such words break the handshake.
#[derive(Debug)]
pub(super) struct Careful {
    tcp: TcpStream,
    one_byte_a_read: bool,
}

impl Careful {
    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

impl AsyncTokioStream for Careful {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

impl AsyncRead for Careful {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.one_byte_a_read {
            return Pin::new(&mut self.tcp).poll_read(cx, buf);
        }
        let mut byte = [0];
        let mut single = ReadBuf::new(&mut byte);
        let read = Pin::new(&mut self.tcp).poll_read(cx, &mut single);
        buf.put_slice(single.filled());
        read
    }
}

impl AsyncWrite for Careful {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.one_byte_a_read &= bytes.starts_with(b"EHLO ") || bytes.starts_with(b"STARTTLS");
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

/// TLS from the first byte, for `smtps`.
#[expect(deprecated, reason = "see the import")]
pub(super) struct Encrypted(AsyncNetworkStream);

impl Encrypted {
    /// Shakes hands on `plain`.
    #[expect(deprecated, reason = "see the import")]
    pub(super) async fn over(mut plain: Careful, tls: TlsParameters) -> Result<Self, smtp::Error> {
        plain.one_byte_a_read = false;
        let mut stream = AsyncNetworkStream::use_existing_tokio1(Box::new(plain));
        stream.upgrade_tls(tls).await?;
        Ok(Self(stream))
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted").finish_non_exhaustive()
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf.initialize_unfilled()).map_ok(|read| buf.advance(read))
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(cx)
    }
}
