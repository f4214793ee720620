using Microsoft.Extensions.Logging;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;
using Seamless.Machines.Rest;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.People;

/// <summary>Dispatchers, technicians and couriers: they see what the platform tells them and change the machines with their hands.</summary>
public sealed partial class ServicePeople(World world, PlatformApi platform, Pace pace, ILogger logger)
{
    private static readonly IReadOnlyDictionary<string, string> NoArguments = new Dictionary<string, string>();
    private static readonly IReadOnlyDictionary<string, string> ForTheSite = new Dictionary<string, string> { ["reason"] = "waiting-for-customer" };
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly HashSet<string> _called = [];
    private readonly HashSet<string> _removed = [];
    private DateTimeOffset _booked;

    /// <summary>Every way that was made to a machine.</summary>
    public List<Visit> Visits { get; } = [];

    /// <summary>Tickets that are not closed yet, as last seen.</summary>
    public int OpenJobs { get; private set; }

    /// <summary>Does what is due for every ticket.</summary>
    public async Task ActAsync(DateTimeOffset now, CancellationToken ct)
    {
        var tickets = await platform.TicketsAsync("open", ct);
        // A ticket can only be resolved after it was open, so without jobs there is nothing to ask.
        var resolved = _jobs.Count > 0 ? await platform.TicketsAsync("resolved", ct) : [];
        OpenJobs = tickets.Count + resolved.Count;
        foreach (var ticket in tickets.Concat(resolved)) await WorkOnAsync(ticket, now, ct);
        if (pace.Call is { } call) await CallAsync([.. tickets.Concat(resolved).Select(ticket => ticket.Device).OfType<string>()], now, call, ct);
        await BookReturnsAsync(now, ct);
        foreach (var gone in _jobs.Keys.Except(tickets.Concat(resolved).Select(ticket => ticket.Id)).ToList()) _jobs.Remove(gone);
    }

    /// <summary>Once a day the depots book in what has come back: what was taken out of a machine is worn out, what was not needed goes on the shelf again.</summary>
    private async Task BookReturnsAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (pace.Return is not { } way || now - _booked < TimeSpan.FromDays(1)) return;
        _booked = now;
        foreach (var back in (await platform.ReturnsAsync(ct)).Where(back => back.ReceivedAt is null && now >= back.DueAt - Pace.ReturnWithin + way))
            if (await platform.ReceiveAsync(back.Id, _removed.Contains(back.Serial) ? "scrap" : "restock", ct) is { } refusal) LogRefused(logger, back.Id, "receive", refusal);
    }

    /// <summary>Customers whose machine does not work and who hear of no repair: they telephone.</summary>
    private async Task CallAsync(HashSet<string> beingMended, DateTimeOffset now, TimeSpan call, CancellationToken ct)
    {
        foreach (var fault in world.Faults)
        {
            if (fault.Device is not { } device || !fault.IsActive(now) || fault.FailureAt + call > now || beingMended.Contains(device) || _called.Contains(fault.Id)) continue;
            if (CustomerView.NoticedAt(world.Sites[fault.Site], fault.FailureAt, now - call) is null || !_called.Add(fault.Id)) continue;
            if (await platform.CallAsync(device, fault.Site, ct) is { } refusal) LogRefused(logger, device, "call", refusal);
        }
    }

    private async Task WorkOnAsync(TicketView ticket, DateTimeOffset now, CancellationToken ct)
    {
        if (!_jobs.TryGetValue(ticket.Id, out var job)) _jobs[ticket.Id] = job = new Job(ticket.Status, ticket.OpenedAt);
        if (job.Status != ticket.Status) (job.Status, job.Since) = (ticket.Status, now);
        var waited = now - job.Since;
        switch (ticket.Status)
        {
            case "new" when waited >= pace.Acknowledge:
                await DoAsync(ticket, job, "acknowledge", NoArguments, now, ct);
                break;
            case "acknowledged" or "scheduled":
                await PrepareAsync(ticket, job, now, ct);
                break;
            case "paused" when Truth(ticket, job)?.IsActive(now) != true:
                await DoAsync(ticket, job, "resume", NoArguments, now, ct);
                break;
            case "enRoute":
                await PartsAreThereAsync(ticket, job, now, ct);
                if (waited >= pace.Travel) await DoAsync(ticket, job, "arrive", NoArguments, now, ct);
                break;
            case "onSite":
                if (await PartsAreThereAsync(ticket, job, now, ct) && waited >= pace.Work) await MendAsync(ticket, job, now, ct);
                break;
            case "resolved" when waited >= pace.Close:
                await DoAsync(ticket, job, "close", Codes(Truth(ticket, job)), now, ct);
                break;
        }
    }

    /// <summary>The courier moves the parts; the technician leaves when they are there, or so that both arrive together. What the environment did needs nobody of ours on the road: the site's own people mend it, and the clocks wait for them.</summary>
    private async Task PrepareAsync(TicketView ticket, Job job, DateTimeOffset now, CancellationToken ct)
    {
        var truth = Truth(ticket, job);
        if (truth is { Kind.SiteWide: true })
        {
            if (!truth.IsActive(now) && now - job.Since >= pace.Work) await DoAsync(ticket, job, "resolve", NoArguments, now, ct);
            else if (truth.IsActive(now)) await DoAsync(ticket, job, "pause", ForTheSite, now, ct);
            return;
        }
        if (!await PartsAreThereAsync(ticket, job, now, ct)) return;
        if (now - job.Since < pace.Decide) return;
        if (pace.KeepsVisits && ticket.Visit is { } visit && now < visit.Start - pace.Travel) return;
        job.Visited = false;
        await DoAsync(ticket, job, "depart", NoArguments, now, ct);
    }

    /// <summary>Whether the parts are there when the technician is. Reports what the courier has done so far.</summary>
    private async Task<bool> PartsAreThereAsync(TicketView ticket, Job job, DateTimeOffset now, CancellationToken ct)
    {
        if (job.PartsThere || ticket.Parts.Count == 0) return true;
        var (there, comes) = (true, true);
        foreach (var shipment in await platform.ShipmentsAsync(ticket.Id, ct))
        {
            if (shipment.State == "created" && now - shipment.CreatedAt >= pace.PickUp) await ReportAsync(shipment, "picked-up", ct);
            if (shipment.State == "inTransit" && now >= ArrivalOf(shipment)) await ReportAsync(shipment, "delivered", ct);
            there &= shipment.State is "delivered" or "cancelled";
            comes &= shipment.State is "delivered" or "cancelled" || (pace.KeepsVisits && shipment.State == "inTransit" && ArrivalOf(shipment) <= now + pace.Travel);
        }
        if (comes && !job.PartsCome) (job.PartsCome, job.Since) = (true, now);
        job.PartsThere = there;
        return comes;
    }

    private DateTimeOffset ArrivalOf(ShipmentView shipment) =>
        pace.Deliver is { } most && shipment.PickedUpAt is { } left && left + most < shipment.Eta ? left + most : shipment.Eta;

    /// <summary>The technician looks for the true fault, whatever the ticket says, and puts in the parts that came. What is missing is ordered, and somebody comes again with it.</summary>
    private async Task MendAsync(TicketView ticket, Job job, DateTimeOffset now, CancellationToken ct)
    {
        var truth = Truth(ticket, job);
        var brought = truth?.Kind.Part is not { } needed || ticket.Parts.Any(part => part.Sku == needed && part.Serials.Count > 0);
        if (!job.Visited) Visits.Add(new Visit(ticket.Id, truth?.Id, now, brought));
        job.Visited = true;   // whoever must wait for a refusal to pass is there already
        if (!brought && !job.Ordered && await OrderAsync(ticket, job, truth!.Kind.Part!, now, ct)) return;
        if (ticket.Device is { } device && world.Machines.TryGetValue(device, out var machine))
        {
            foreach (var part in ticket.Parts.Where(part => truth?.Kind.Part == part.Sku))
            {
                foreach (var serial in part.Serials)
                {
                    var removed = machine.Replace(part.Sku, serial, now);
                    _removed.Add(removed);
                    await DoAsync(ticket, job, "install-part", new Dictionary<string, string> { ["serial"] = serial, ["removedSerial"] = removed }, now, ct);
                }
            }
            // Where the right part could not even be ordered, it is mended with what the van has; the score counts it as a miss and as a second visit.
            if (truth is { Device: not null }) machine.Repair(truth, now);
        }
        await DoAsync(ticket, job, "resolve", NoArguments, now, ct);
    }

    /// <returns>False when the platform has none, or sends nobody again.</returns>
    private async Task<bool> OrderAsync(TicketView ticket, Job job, string sku, DateTimeOffset now, CancellationToken ct)
    {
        job.Ordered = true;
        if (await platform.ReserveAsync(ticket.Id, sku, ct) is { } none)
        {
            LogRefused(logger, ticket.Id, "reserve", none);
            return false;
        }
        if (await platform.ActAsync(ticket.Id, "schedule", NoArguments, ct) is { } refusal)
        {
            LogRefused(logger, ticket.Id, "schedule", refusal);
            return false;
        }
        (job.PartsThere, job.PartsCome, job.Since) = (false, false, now);
        return true;
    }

    private Fault? Truth(TicketView ticket, Job job) => job.Truth ??= world.Truth(ticket.Device, ticket.Site, ticket.OpenedAt);

    private static Dictionary<string, string> Codes(Fault? truth) => truth is { Kind: var kind }
        ? new() { ["mode"] = kind.Mode, ["mechanism"] = kind.Mechanism, ["cause"] = kind.Cause, ["faultCode"] = kind.Code }
        : new() { ["mode"] = "OTH", ["mechanism"] = "6.4 Unknown", ["cause"] = "Unknown", ["faultCode"] = "no-fault-found", ["note"] = "everything measured as it should" };

    private async Task DoAsync(TicketView ticket, Job job, string action, IReadOnlyDictionary<string, string> args, DateTimeOffset now, CancellationToken ct)
    {
        if (await platform.ActAsync(ticket.Id, action, args, ct) is { } refusal)
        {
            // Not an error: someone else was faster, or the platform thinks otherwise. Look again after as long.
            LogRefused(logger, ticket.Id, action, refusal);
            job.Since = now;
        }
    }

    private async Task ReportAsync(ShipmentView shipment, string milestone, CancellationToken ct)
    {
        if (await platform.ReportShipmentAsync(shipment.Id, milestone, ct) is { } refusal) LogRefused(logger, shipment.Id, milestone, refusal);
    }

    private sealed class Job(string status, DateTimeOffset since)
    {
        public string Status { get; set; } = status;

        /// <summary>When the present wait began.</summary>
        public DateTimeOffset Since { get; set; } = since;
        public bool PartsThere { get; set; }

        /// <summary>They are there, or under way and as fast as the technician.</summary>
        public bool PartsCome { get; set; }
        public bool Visited { get; set; }

        /// <summary>What had not been brought.</summary>
        public bool Ordered { get; set; }
        public Fault? Truth { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subject}: {Action} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string subject, string action, string reason);
}
