using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TorchBrain.Native.Mnist.Tests;

/// <summary>What the server is asked.</summary>
/// <param name="File">The last part of the address.</param>
/// <param name="From">The first byte of the range asked for; null for the whole file.</param>
sealed record ServerRequest(string File, long? From);

/// <summary>What the server answers.</summary>
/// <param name="Status">For example 200.</param>
/// <param name="Body">The bytes.</param>
/// <param name="CutAfter">Closes the connection after so many bytes of the body.</param>
/// <param name="Silent">Says nothing (more) but keeps the connection.</param>
/// <param name="Headers">More header lines, each ending with a line end.</param>
sealed record ServerAnswer(int Status, byte[] Body, int? CutAfter = null, bool Silent = false, string Headers = "");

/// <summary>A small web server on the loopback interface that answers as the test says.</summary>
sealed class LoopbackServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Func<ServerRequest, ServerAnswer> _answer;
    readonly List<ServerRequest> _requests = [];

    public LoopbackServer(Func<ServerRequest, ServerAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mnist/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public ServerRequest[] Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    /// <summary>A server of files that understands ranges.</summary>
    public static ServerAnswer Serve(byte[]? file, ServerRequest request)
    {
        if (file is null) return new ServerAnswer(404, []);
        if (request.From is not { } from) return new ServerAnswer(200, file);
        return from >= file.Length
            ? new ServerAnswer(416, [], Headers: $"Content-Range: bytes */{file.Length}\r\n")
            : new ServerAnswer(206, file[(int)from..], Headers: $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}\r\n");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the end of the test
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = connection.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await stream.ReadAsync(one, _stop.Token) == 0) return;
                head.Append((char)one[0]);
            }
            var request = Parse(head.ToString());
            lock (_requests) _requests.Add(request);
            var answer = _answer(request);
            if (!answer.Silent || answer.CutAfter is not null)
            {
                var text = $"HTTP/1.1 {answer.Status} Answer\r\nContent-Length: {answer.Body.Length}\r\nConnection: close\r\n{answer.Headers}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
                await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length), _stop.Token);
                await stream.FlushAsync(_stop.Token);
            }
            if (answer.Silent) await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // the client went away, or the test ended
        }
    }

    static ServerRequest Parse(string head)
    {
        var lines = head.Split("\r\n");
        var range = lines.FirstOrDefault(l => l.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
        return new ServerRequest(lines[0].Split(' ')[1].Split('/')[^1],
            range is null ? null : long.Parse(range["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture));
    }
}
