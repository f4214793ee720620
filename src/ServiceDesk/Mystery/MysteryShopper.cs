using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Testing;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>Plays one check, a step at a time: sends the fault, waits for the alarm, waits for the ticket, lets the machine recover, closes what it has caused.</summary>
/// <remarks>Every step looks at the world and may be taken twice: a crash between two of them costs a sample, never a second alarm or ticket.</remarks>
internal sealed partial class MysteryShopper(
    ITelemetryLog log, IDeviceRegistry devices, IAlarms alarms, IMaintenance maintenance, MysteryTickets tickets, PlatformAlarms platform, IOptions<ServiceDeskOptions> options, ILogger<MysteryShopper> logger)
{
    public const string Actor = "mystery";
    private const string Mode = "mystery";
    private const int MostAlarms = 20;
    private static readonly LocalizedText Failed = new("A mystery check failed: the service did not answer a played fault as it should", "神秘检查未通过：服务未按要求响应模拟故障");

    private DateTimeOffset _lastSample;

    private MysteryOptions Options => options.Value.Mystery;

    /// <param name="fault">What is played; null when the pack has it no more.</param>
    public async Task StepAsync(MysteryRow row, DescribedFault? fault, DateTimeOffset now, CancellationToken ct)
    {
        if (fault is null)
        {
            row.Fail(MysteryVerdict.NotRun, $"the pack of type {row.Type} has the test '{row.Test}' no more", $"类型 {row.Type} 的设备包中已没有测试“{row.Test}”");
            await EndAsync(row, now, ct);
            return;
        }
        switch (row.Phase)
        {
            case MysteryPhase.Sending:
                await SendAsync(row, fault, now, ct);
                break;
            case MysteryPhase.Detecting:
                await KeepSendingAsync(fault.Failing(KeyOf(row), now), fault, now, ct);
                await DetectAsync(row, fault, now, ct);
                break;
            case MysteryPhase.Ticketing:
                await KeepSendingAsync(fault.Failing(KeyOf(row), now), fault, now, ct);
                await FindTicketAsync(row, now, ct);
                break;
            case MysteryPhase.Recovering:
                await KeepSendingAsync(fault.Healthy(KeyOf(row), now), fault, now, ct);
                await RecoverAsync(row, fault, now, ct);
                break;
        }
    }

    private static DeviceKey KeyOf(MysteryRow row) => new(row.Tenant, row.Device);

    private async Task SendAsync(MysteryRow row, DescribedFault fault, DateTimeOffset now, CancellationToken ct)
    {
        if (maintenance.At(row.Tenant, row.Device, MysteryDevice.Site, row.Type, now) is { } cover)
        {
            row.Fail(MysteryVerdict.NotRun, $"everything is under maintenance: {cover.Window.Reason}", $"全部设备正在维护：{cover.Window.Reason}");
            await EndAsync(row, now, ct);
            return;
        }
        if (await RegisterAsync(row, ct) is { } refusal)
        {
            row.Fail(MysteryVerdict.NotRun, $"the device {row.Device} cannot be played: {refusal.Reason}", $"无法模拟设备 {row.Device}：{refusal.Reason}");
            await EndAsync(row, now, ct);
            return;
        }
        await tickets.WithdrawAsync(row, ct);   // of a check that was cut short
        await AppendAsync(fault.Telemetry(KeyOf(row), now), now, ct);
        (row.SentAt, row.Phase, row.DueAt) = (now, MysteryPhase.Detecting, now + Options.Within);
        Sent(row.Device, row.Test);
    }

    /// <returns>Why not; null when the device is there.</returns>
    private async Task<Refusal?> RegisterAsync(MysteryRow row, CancellationToken ct)
    {
        var key = KeyOf(row);
        if (await devices.FindAsync(key, ct) is { } there)
            return there.Tags.ContainsKey(MysteryDevice.Tag) ? null : Refusal.Conflict($"a device of this name is registered and does not have the tag '{MysteryDevice.Tag}'");
        var device = new Device(
            key, row.Type, MysteryDevice.Site, MysteryDevice.Site, Serial: null, Location: null, new Dictionary<string, string> { [MysteryDevice.Tag] = "true" }, "standard", Gateway: null, RedundancyGroup: null, default, 1);
        return (await devices.AddAsync(device, Actor, ct)).Refusal;
    }

    private async Task KeepSendingAsync(Sample sample, DescribedFault fault, DateTimeOffset now, CancellationToken ct)
    {
        if (now - _lastSample >= fault.Interval) await AppendAsync([sample], now, ct);
    }

    private async Task AppendAsync(IReadOnlyList<Sample> samples, DateTimeOffset now, CancellationToken ct)
    {
        await log.AppendAsync([.. samples.Select(sample => LogEntry.Of(sample, now.ToUnixTimeMilliseconds()))], ct);
        devices.Seen(samples[0].Device, now);
        _lastSample = now;
    }

    private async Task DetectAsync(MysteryRow row, DescribedFault fault, DateTimeOffset now, CancellationToken ct)
    {
        var begin = row.SentAt!.Value - fault.Duration;   // set before this phase begins
        var raised = await AlarmsAsync(row, begin, ct);
        var right = raised.FirstOrDefault(a => a.TopCause?.Code == row.Fault);
        if (right is null && now < row.DueAt) return;   // evidence may still come
        if ((right ?? (raised.Count > 0 ? raised[0] : null)) is not { } alarm)
        {
            row.Fail(MysteryVerdict.Missed, $"no alarm within {Options.Within.TotalSeconds:0} s of the telemetry", $"遥测写入后 {Options.Within.TotalSeconds:0} 秒内没有告警");
            await EndAsync(row, now, ct);
            return;
        }
        (row.Alarm, row.Cause, row.CauseRight) = (alarm.Id, alarm.TopCause?.Code, right is not null);
        (row.RaisedAfterSeconds, row.SeenAfterSeconds) = ((alarm.RaisedAt - begin).TotalSeconds, (now - row.SentAt.Value).TotalSeconds);
        if (right is null) row.Fail(MysteryVerdict.WrongCause, $"the cause found is {row.Cause ?? "none"}, the one played is {row.Fault}", $"诊断原因为 {row.Cause ?? "无"}，实际模拟的是 {row.Fault}");
        if (alarm.RaisedAt - begin > fault.RaisedWithin)
            row.Fail(MysteryVerdict.Late, $"raised {row.RaisedAfterSeconds:0} s after the first sample, {row.RaisedWithinSeconds:0} s are allowed", $"首个样本后 {row.RaisedAfterSeconds:0} 秒才告警，允许 {row.RaisedWithinSeconds:0} 秒");
        // Low is information: no ticket is the right answer to it.
        if (alarm.Severity is Severity.Low) LetRecover(row, now);
        else (row.Phase, row.DueAt) = (MysteryPhase.Ticketing, now + Options.Within);
    }

    private async Task FindTicketAsync(MysteryRow row, DateTimeOffset now, CancellationToken ct)
    {
        var ticket = await tickets.OfAlarmAsync(row, ct);
        if (ticket is null && now < row.DueAt) return;
        row.Ticket = ticket?.Number;
        if (ticket is null) row.Fail(MysteryVerdict.NoTicket, $"no ticket within {Options.Within.TotalSeconds:0} s of the alarm", $"告警后 {Options.Within.TotalSeconds:0} 秒内没有工单");
        else if (ticket.Sla.RespondBy <= ticket.OpenedAt || ticket.Sla.ResolveBy <= ticket.OpenedAt)
            row.Fail(MysteryVerdict.NoTicket, $"the clocks of {ticket.Number} do not run", $"工单 {ticket.Number} 的时限未开始计时");
        LetRecover(row, now);
    }

    private void LetRecover(MysteryRow row, DateTimeOffset now)
    {
        (row.Phase, row.DueAt) = (MysteryPhase.Recovering, now + Options.Recovery);
        _lastSample = default;   // the machine is well from now on
    }

    private async Task RecoverAsync(MysteryRow row, DescribedFault fault, DateTimeOffset now, CancellationToken ct)
    {
        var alarm = await alarms.FindAsync(row.Tenant, row.Alarm!, ct);
        var active = alarm is { IsActive: true };
        if (active && now < row.DueAt) return;
        if (active) row.Fail(MysteryVerdict.NotClosed, $"the alarm lasts, {Options.Recovery.TotalMinutes:0} min after the telemetry was normal again", $"遥测恢复正常 {Options.Recovery.TotalMinutes:0} 分钟后告警仍未消除");
        if (!active && row.Ticket is not null) await CloseTicketAsync(row, alarm?.Mode ?? fault.Fault.Code, fault.Fault, now, ct);
        await EndAsync(row, now, ct);
    }

    private async Task CloseTicketAsync(MysteryRow row, string mode, FaultDefinition fault, DateTimeOffset now, CancellationToken ct)
    {
        if (await tickets.CloseAsync(row, mode, fault, ct) is { } refusal) row.Fail(MysteryVerdict.NotClosed, $"{row.Ticket} could not be closed: {refusal.Reason}", $"工单 {row.Ticket} 无法关闭：{refusal.Reason}");
        else row.ClosedAt = now;
    }

    /// <summary>Leaves nothing behind, then says what it came to: the platform's own alarm when it failed.</summary>
    private async Task EndAsync(MysteryRow row, DateTimeOffset now, CancellationToken ct)
    {
        await tickets.WithdrawAsync(row, ct);
        if (await devices.FindAsync(KeyOf(row), ct) is { } device && device.Tags.ContainsKey(MysteryDevice.Tag))
        {
            foreach (var alarm in await AlarmsAsync(row, null, ct)) await PutAwayAsync(row, alarm, ct);
            await devices.RemoveAsync(device.Key, Actor, ct);
        }
        if (row.Verdict is MysteryVerdict.Running) row.Verdict = MysteryVerdict.Passed;
        await ReportAsync(row, ct);
        (row.Phase, row.EndedAt) = (MysteryPhase.Done, now);
    }

    private async Task ReportAsync(MysteryRow row, CancellationToken ct)
    {
        if (row.Verdict is MysteryVerdict.Passed)
        {
            await platform.ClearAsync(Mode, ct);
            Passed(row.Device, row.Test);
            return;
        }
        var evidence = new LocalizedText($"{row.Key}, {row.Type}, {row.Fault}: {row.Why?.En}", $"{row.Key}，{row.Type}，{row.Fault}：{row.Why?.ZhCn}");
        await platform.RaiseAsync(new PlatformTrouble(Mode, Severity.High, Failed, "mystery-failed", evidence), ct);
        NotPassed(row.Device, row.Test, row.Why?.En ?? row.Verdict.ToString());
    }

    /// <summary>Nobody needs to see what we have played.</summary>
    private async Task PutAwayAsync(MysteryRow row, Alarm alarm, CancellationToken ct)
    {
        if (!alarm.IsAcknowledged) await alarms.AcknowledgeAsync(row.Tenant, alarm.Id, Actor, row.Key, ct);
        if (!alarm.IsActive) await alarms.CloseAsync(row.Tenant, alarm.Id, Actor, "known", $"mystery check {row.Key}", ct);
    }

    private Task<IReadOnlyList<Alarm>> AlarmsAsync(MysteryRow row, DateTimeOffset? from, CancellationToken ct) =>
        alarms.ListAsync(new AlarmFilter(row.Tenant, row.Device, From: from, OpenOnly: from is null, Limit: MostAlarms), ct);

    [LoggerMessage(Level = LogLevel.Information, Message = "Mystery check: {Device} plays '{Test}'")]
    private partial void Sent(string device, string test);

    [LoggerMessage(Level = LogLevel.Information, Message = "Mystery check passed: {Device}, '{Test}'")]
    private partial void Passed(string device, string test);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mystery check failed: {Device}, '{Test}': {Why}")]
    private partial void NotPassed(string device, string test, string why);
}
