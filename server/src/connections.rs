//! Connections to readers: accepted until the server is to stop. `axum::serve` would let one that sends half the head of a
//! request stay for ever, and there are only so many of them.

use std::{
    io::{self, ErrorKind},
    pin::pin,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, time::sleep};
use tower::ServiceExt;

/// For so long a connection may be without the whole head of a request. Proxies keep connections for later requests, and
/// close them themselves before that (nginx after 60 seconds).
pub const HEAD: Duration = Duration::from_secs(75);

/// Serves `router`, which sees the address of who asks as a `ConnectInfo<SocketAddr>`, until `stopping`; then what has
/// begun is answered. A connection without the head of a request for as long as `head` is closed.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head: Duration,
    stopping: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    let open = GracefulShutdown::new();
    let mut stopping = pin!(stopping);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopping => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                not_accepted(&error).await;
                continue;
            }
        };
        let service = router.clone().map_request(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let service = TowerToHyperService::new(service);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("{peer}: {error}");
            }
        });
    }
    // Nobody else may begin.
    drop(listener);
    open.shutdown().await;
}

/// Whoever left before being accepted is no matter; with too many files open there is one less in a while.
async fn not_accepted(error: &io::Error) {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};

    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!("no connection is accepted: {error}");
        sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, net::SocketAddr, sync::Arc};

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        sync::Notify,
    };

    use super::*;

    const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    async fn listen() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// All that comes until the connection is closed.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_connection_without_a_whole_head_is_closed() {
        let (listener, address) = listen().await;
        let router = Router::new().route("/", get(async || "here"));
        tokio::spawn(serve(listener, router, Duration::from_millis(500), pending()));
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        assert!(!rest(&mut half).await.contains("here"));
        // Nor does one stay that was used and is used no more.
        let mut whole = TcpStream::connect(address).await.unwrap();
        whole.write_all(ASK).await.unwrap();
        assert!(rest(&mut whole).await.ends_with("here"));
    }

    #[tokio::test]
    async fn what_has_begun_is_answered_before_the_server_ends() {
        let (listener, address) = listen().await;
        let (begun, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let answer = {
            let (begun, may_end) = (begun.clone(), may_end.clone());
            async move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
                begun.notify_one();
                may_end.notified().await;
                peer.port().to_string()
            }
        };
        let router = Router::new().route("/", get(answer));
        let stop = Arc::new(Notify::new());
        let stopping = stop.clone();
        let serving = async move { stopping.notified().await };
        let serving = tokio::spawn(serve(listener, router, HEAD, serving));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        begun.notified().await;
        stop.notify_one();
        // Once nobody is let in any more.
        while TcpStream::connect(address).await.is_ok() {}
        assert!(!serving.is_finished());
        may_end.notify_one();
        let own = stream.local_addr().unwrap().port().to_string();
        assert!(rest(&mut stream).await.ends_with(&own));
        serving.await.unwrap();
    }
}
