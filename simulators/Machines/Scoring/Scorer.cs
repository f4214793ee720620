using Seamless.Machines.Faults;
using Seamless.Machines.Rest;

namespace Seamless.Machines.Scoring;

/// <summary>Holds what the platform did against the truth. A pure function of both.</summary>
public sealed class Scorer(GroundTruth truth, IReadOnlyList<AlarmView> alarms, IReadOnlyList<TicketView> tickets, IReadOnlyList<RemedyView> remedies)
{
    /// <summary>Tickets whose first visit had not brought what was needed: that it was ordered then does not make it right.</summary>
    public IReadOnlySet<string> Missed { get; init; } = new HashSet<string>();

    /// <summary>How long after its end a fault still explains a ticket or alarm: both come with a delay.</summary>
    private static readonly TimeSpan Afterglow = TimeSpan.FromHours(1);

    public SimulationReport Score(int machines, long samples, TimeSpan elapsed)
    {
        // What a customer had to call about was not found.
        var ticketsOf = Assign([.. tickets.Where(ticket => ticket.Alarms.Count > 0)], ticket => ticket.Device, ticket => ticket.Site, ticket => ticket.OpenedAt, Top);
        var fixesOf = Assign(remedies.Where(run => run.State == "fixed").ToList(), run => run.Device, run => run.Site, run => run.StartedAt, run => run.Fault);
        var alarmsOf = Assign(alarms, alarm => alarm.Device, alarm => alarm.Site, alarm => alarm.RaisedAt, alarm => alarm.Diagnosis is [var top, ..] ? top.Code : null);
        var outcomes = truth.Faults.Select(fault => Outcome(fault, [.. ticketsOf[fault.Id]], [.. fixesOf[fault.Id]], [.. alarmsOf[fault.Id]])).ToList();
        var falseTickets = ticketsOf[""].Select(ticket => new FalseTicket(ticket.Id, ticket.Device, ticket.Site, ticket.OpenedAt, ticket.Diagnosis)).ToList();
        return new SimulationReport(
            truth.Scenario, truth.Seed, truth.From, truth.To, machines, samples, Math.Round(elapsed.TotalSeconds, 1),
            TotalsOf(outcomes, falseTickets.Count),
            outcomes.GroupBy(outcome => outcome.Fault.Class.ToString()).ToDictionary(group => group.Key, group => TotalsOf([.. group], 0)),
            outcomes.GroupBy(outcome => outcome.Fault.Code).ToDictionary(group => group.Key, group => TotalsOf([.. group], 0)),
            outcomes, falseTickets, AlarmLoad.Of(alarms, truth.From, truth.To), Calibration.Of([.. alarms.Select(Believed).OfType<AlarmView>()], FaultOf(alarmsOf)));
    }

    /// <summary>With the causes that the desk acts on: the ticket's where there is one, counted once; the alarm's own otherwise.</summary>
    private AlarmView? Believed(AlarmView alarm)
    {
        if (tickets.FirstOrDefault(ticket => ticket.Alarms.Contains(alarm.Id)) is not { } ticket) return alarm;
        return ticket.Alarms[0] == alarm.Id ? alarm with { Diagnosis = ticket.Causes } : null;
    }

    private Func<AlarmView, TrueFault?> FaultOf(ILookup<string, AlarmView> alarmsOf)
    {
        var faults = truth.Faults.ToDictionary(fault => fault.Id);
        var faultIds = alarmsOf.SelectMany(group => group.Select(alarm => (alarm.Id, group.Key))).ToDictionary(pair => pair.Id, pair => pair.Key);
        return alarm => faults.GetValueOrDefault(faultIds[alarm.Id]);
    }

    /// <summary>Gives each item to the fault it can be about; the one it names, if that is among them, else the latest. Key "" holds what is about none.</summary>
    private ILookup<string, T> Assign<T>(IReadOnlyList<T> items, Func<T, string?> device, Func<T, string> site, Func<T, DateTimeOffset> at, Func<T, string?> claims) =>
        items.ToLookup(item =>
        {
            var candidates = truth.Faults.Where(fault => Concerns(fault, device(item), site(item), at(item))).OrderByDescending(fault => fault.Onset).ToList();
            return (candidates.Find(fault => fault.Code == claims(item)) ?? candidates.FirstOrDefault())?.Id ?? "";
        });

    private static bool Concerns(TrueFault fault, string? device, string site, DateTimeOffset at)
    {
        if (at < fault.Onset || (fault.EndedAt is { } end && at > end + Afterglow)) return false;
        // A site's alarm can also be several machines' common trouble; a machine's can be its site's.
        return fault.Device is null || device is null ? fault.Site == site : fault.Device == device;
    }

    private static string? Top(TicketView ticket) => ticket.Causes is [var top, ..] ? top.Code : null;

    private FaultOutcome Outcome(TrueFault fault, List<TicketView> tickets, List<RemedyView> fixes, List<AlarmView> alarms)
    {
        var first = tickets.MinBy(ticket => ticket.OpenedAt);
        var fix = fixes.MinBy(run => run.StartedAt);
        var remote = fix is not null && first is null;
        var answeredAt = remote ? fix!.EndedAt ?? fix.StartedAt : first?.OpenedAt;   // remote says that there is a fix
        var diagnosis = remote ? fix!.Fault : first?.Diagnosis;
        return new FaultOutcome(
            fault, remote ? "remote-fix" : first is not null ? "ticket" : "missed", answeredAt,
            [.. tickets.Select(ticket => ticket.Id)], [.. alarms.Select(alarm => alarm.Id)], diagnosis, answeredAt is null ? null : diagnosis == fault.Code,
            remote ? fix!.CustomerVisibleSeconds == 0 : null,
            first is null || fault.Part is null ? null : tickets.Any(ticket => !Missed.Contains(ticket.Id) && ticket.Parts.Any(part => part.Sku == fault.Part && part.Serials.Count > 0)),
            fault.Progressive && answeredAt is { } at ? Math.Round((fault.FailureAt - at).TotalHours, 3) : null);
    }

    private static Totals TotalsOf(List<FaultOutcome> outcomes, int falseTickets)
    {
        var detected = outcomes.Where(outcome => outcome.AnsweredAt is not null).ToList();
        var remote = detected.Where(outcome => outcome.Answer == "remote-fix").ToList();
        var ticketed = detected.Where(outcome => outcome.Tickets.Count > 0).ToList();
        var answers = remote.Count + ticketed.Sum(outcome => outcome.Tickets.Count);
        return new Totals(
            outcomes.Count, detected.Count, Share(detected.Count, outcomes.Count), Share(answers, answers + falseTickets),
            Share(ticketed.Sum(outcome => outcome.Tickets.Count), ticketed.Count), Share(detected.Count(outcome => outcome.DiagnosisCorrect == true), detected.Count),
            Share(remote.Count, outcomes.Count), Share(remote.Count, outcomes.Count(outcome => outcome.Fault.RemotelyFixable)),
            Share(remote.Count(outcome => outcome.Unnoticed == true), remote.Count),
            Share(ticketed.Count(outcome => outcome.RightPart == true), ticketed.Count(outcome => outcome.RightPart is not null)),
            Median([.. detected.Select(outcome => outcome.LeadHours).OfType<double>()]),
            Median([.. detected.Where(outcome => outcome.LeadHours is not null).Select(outcome => outcome.LeadHours!.Value / (outcome.Fault.FailureAt - outcome.Fault.Onset).TotalHours)]),
            Median([.. detected.Where(outcome => !outcome.Fault.Progressive).Select(outcome => (outcome.AnsweredAt!.Value - outcome.Fault.Onset).TotalMinutes)]),
            falseTickets);
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);

    private static double? Median(List<double> values)
    {
        if (values.Count == 0) return null;
        values.Sort();
        var middle = values.Count / 2;
        return Math.Round(values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2, 3);
    }
}
