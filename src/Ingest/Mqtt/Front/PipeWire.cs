using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>A connection of Kestrel's, after TLS or WebSocket have been taken off.</summary>
internal sealed class PipeWire(ConnectionContext context) : Wire
{
    private readonly PipeReader _input = context.Transport.Input;
    private readonly PipeWriter _output = context.Transport.Output;
    private Memory<byte> _receiving;
    private int _closed;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public override EndPoint? RemoteEndPoint => context.RemoteEndPoint;
    public override EndPoint? LocalEndPoint => context.LocalEndPoint;
    public override X509Certificate2? ClientCertificate => context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
    public override bool IsSecure => context.Features.Get<ITlsHandshakeFeature>() is not null;

    public override int Receive(Memory<byte> buffer)
    {
        _receiving = buffer;
        try
        {
            var read = _input.ReadAsync();
            if (read.IsCompleted) return Take(read.Result);
            _ = ReceiveLaterAsync(read);   // ends with the connection, which it tells itself
            return -1;
        }
        catch (Exception e) when (IsGone(e))
        {
            return 0;
        }
    }

    private async Task ReceiveLaterAsync(ValueTask<ReadResult> read)
    {
        int received;
        try
        {
            received = Take(await read);
        }
        catch (Exception e) when (IsGone(e))
        {
            received = 0;
        }
        Connection.Received(received);
    }

    private int Take(in ReadResult read)
    {
        if (read.Buffer.IsEmpty || read.IsCanceled) return 0;
        var part = read.Buffer.Length > _receiving.Length ? read.Buffer.Slice(0, _receiving.Length) : read.Buffer;
        part.CopyTo(_receiving.Span);
        var bytes = (int)part.Length;   // before the pipe takes its segments back
        _input.AdvanceTo(part.End);
        return bytes;
    }

    public override int Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _output.Write(bytes.Span);
            var flushing = _output.FlushAsync();
            if (flushing.IsCompleted) return flushing.Result.IsCompleted ? -1 : bytes.Length;
            _ = FlushLaterAsync(flushing.AsTask(), bytes.Length);   // ends by telling the connection
            return 0;
        }
        catch (Exception e) when (IsGone(e))
        {
            return -1;
        }
    }

    private async Task FlushLaterAsync(Task<FlushResult> flushing, int bytes)
    {
        var sent = bytes;
        try
        {
            if ((await flushing).IsCompleted) sent = -1;
        }
        catch (Exception e) when (IsGone(e))
        {
            sent = -1;
        }
        Connection.Writable(sent);
    }

    /// <summary>A broken connection shows itself in many ways; all mean the same.</summary>
    private static bool IsGone(Exception e) => e is IOException or InvalidOperationException or ObjectDisposedException or OperationCanceledException or ConnectionAbortedException;

    /// <summary>What was written still goes out; a peer that does not take it is cut off after a while.</summary>
    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _input.CancelPendingRead();
        _output.CancelPendingFlush();
        _ = AbortLaterAsync();   // ends by itself
    }

    private async Task AbortLaterAsync()
    {
        await Task.Delay(LastWords, TimeProvider.System);
        context.Abort();
    }
}
