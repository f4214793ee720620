using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Judging;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent;

/// <summary>One device: measures, keeps, sends in order, and answers commands. The link it speaks through is run by its owner.</summary>
/// <remarks>A sample is in the outbox before anything else happens to it and leaves it only after the PUBACK, so an outage or a kill costs nothing.</remarks>
public sealed partial class Agent : ILinkUser, IDisposable
{
    public const string Version = "1.0.0";

    private const int MaxBatch = 500;
    private const int MaxBatchBytes = 128 * 1024;

    private readonly IOutbox _outbox;
    private readonly ILink _link;
    private readonly CommandDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _somethingToSend = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly EdgeRules? _rules;
    private readonly AgentUpdates? _updates;
    private readonly ExceptionReport? _report;
    private long _lastDropped;

    /// <param name="rules">Judges at the machine; null when only the platform does.</param>
    /// <param name="updates">Null where the program is not updated by the platform.</param>
    /// <param name="report">Chooses what is sent; null for everything that is measured.</param>
    public Agent(
        DeviceKey device, IOutbox outbox, ILink link, CommandDesk desk, TimeProvider time, ILogger logger, EdgeRules? rules = null, AgentUpdates? updates = null, ExceptionReport? report = null)
    {
        _report = report;
        Device = device;
        _updates = updates;
        _rules = rules;
        _outbox = outbox;
        _link = link;
        _desk = desk;
        _time = time;
        _logger = logger;
        _lastDropped = outbox.Dropped;
        link.Attach(this);
    }

    public DeviceKey Device { get; }

    /// <summary>Measures and sends until the source ends and everything is sent, or until cancelled.</summary>
    public async Task RunAsync(ISource source, CancellationToken ct)
    {
        _somethingToSend.Writer.TryWrite(true);     // what an earlier life left behind
        var sending = SendLoopAsync(ct);
        try
        {
            await foreach (var measurement in source.ReadAsync(ct)) Keep(measurement);
        }
        finally
        {
            _somethingToSend.Writer.TryComplete();
            await sending;
        }
    }

    /// <summary>Puts one measurement into the outbox, unless it says nothing new; <see cref="FlushAsync"/> or the running agent sends it.</summary>
    public void Keep(in Measurement measurement)
    {
        _updates?.Conditions.Observe(measurement);
        var judged = _rules?.Judge(measurement) ?? measurement;
        Measurement? before = null;
        if (_report?.Takes(judged, out before) == false) return;
        if (before is { } last) _outbox.Append(last);
        _outbox.Append(judged);
        WarnWhenDropped();
        _somethingToSend.Writer.TryWrite(true);
    }

    /// <summary>Sends everything that waits, in order; returns when the platform has acknowledged all of it.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            while (_outbox.Peek(MaxBatch, MaxBatchBytes) is { Count: > 0 } batch) await SendAsync(batch, ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    public async Task ConnectedAsync(CancellationToken ct)
    {
        await _link.PublishAsync(Topic.State(Device), StateJson.Online(_updates?.Updater.Running.Version ?? Version), retain: true, ct);
        if (_updates is not null) await _updates.Loop.ReportAsync(ct);
        await _desk.ReportLeftoversAsync(result => ReportAsync(result, ct));
    }

    public async Task CommandAsync(string id, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        await _desk.HandleAsync(id, payload, result => ReportAsync(result, ct), ct);
        _report?.Attend();   // the platform proves by telemetry whether it helped
    }

    public void Dispose() => _sending.Dispose();

    private async Task SendLoopAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in _somethingToSend.Reader.ReadAllAsync(ct)) await FlushAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // what is left waits on disk for the next start
        }
    }

    // The same bytes again until they are acknowledged: sequence numbers make that harmless, and order is kept.
    private async Task SendAsync(IReadOnlyList<OutboxEntry> batch, CancellationToken ct)
    {
        var payload = SampleJson.Payload(batch);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), Random.Shared.NextDouble);
        while (true)
        {
            await _link.WaitUntilConnectedAsync(ct);
            if (await _link.PublishAsync(Topic.Telemetry(Device), payload, retain: false, ct)) break;
            await Task.Delay(backoff.Next(), _time, ct);
        }
        _outbox.Remove(batch[^1].Sequence);
        _updates?.Updater.Healthy();   // connected, measured, acknowledged: all a new version has to show
        LogSent(_logger, Device.Device, batch.Count);
    }

    private Task<bool> ReportAsync(Telemetry.Commands.CommandResult result, CancellationToken ct) =>
        _link.PublishAsync(Topic.CommandResult(Device, result.Id), CommandJson.Encode(result), retain: false, ct);

    private void WarnWhenDropped()
    {
        var dropped = _outbox.Dropped;
        if (dropped == _lastDropped) return;
        LogDropped(_logger, Device.Device, dropped - _lastDropped, dropped);
        _lastDropped = dropped;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device}: {Count} samples acknowledged")]
    private static partial void LogSent(ILogger logger, string device, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device}: outbox full, {Count} oldest samples dropped ({Total} in all)")]
    private static partial void LogDropped(ILogger logger, string device, long count, long total);
}
