using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>What happens to a complaint by time alone: what is overdue climbs the ladder, each clock once.</summary>
internal static class ComplaintTimes
{
    public const string FirstAnswer = "first-answer";
    public const string Solution = "solution";

    /// <summary>Ends a clock with what it came to; once.</summary>
    public static void End(DeskWork work, ComplaintRow complaint, string clock, bool met)
    {
        var overdue = clock == FirstAnswer ? ComplaintMarks.FirstAnswerOverdue : ComplaintMarks.SolutionOverdue;
        if (!complaint.Marks.HasFlag(overdue)) work.Record(EventKind.ComplaintClock, $"{complaint.Number}:{clock}", complaint, met ? 1 : 0, clock);
        if (!met) complaint.Marks |= overdue;
    }

    public static async Task SweepAsync(DeskWork work, ComplaintRow complaint, IReadOnlyList<string> ladder, CancellationToken ct)
    {
        if (complaint.FirstAnsweredAt is null && complaint.FirstAnswerBy <= work.Now) Overdue(work, complaint, ladder, ComplaintMarks.FirstAnswerOverdue, FirstAnswer, "no first answer in time", "未按时首次答复");
        if (complaint.SolvedAt is null && complaint.SolutionBy <= work.Now) Overdue(work, complaint, ladder, ComplaintMarks.SolutionOverdue, Solution, "no solution in time", "未按时解决");
        foreach (var inquiry in (await work.InquiriesAsync(complaint.Number, ct)).Where(i => i is { AnsweredAt: null, Overdue: false } && i.DueAt <= work.Now))
        {
            inquiry.Overdue = true;
            Climb(work, complaint, ladder, $"inquiry:{inquiry.Number}", $"no answer from {inquiry.Department}", $"{inquiry.Department} 未答复");
        }
        await ScheduleAsync(work, complaint, ct);
    }

    /// <summary>The next instant at which something that has not been said becomes overdue.</summary>
    public static async Task ScheduleAsync(DeskWork work, ComplaintRow complaint, CancellationToken ct)
    {
        var inquiries = (await work.InquiriesAsync(complaint.Number, ct)).Where(i => i is { AnsweredAt: null, Overdue: false }).Select(i => (DateTimeOffset?)i.DueAt);
        DateTimeOffset?[] clocks =
        [
            complaint.FirstAnsweredAt is null && !complaint.Marks.HasFlag(ComplaintMarks.FirstAnswerOverdue) ? complaint.FirstAnswerBy : null,
            complaint.SolvedAt is null && !complaint.Marks.HasFlag(ComplaintMarks.SolutionOverdue) ? complaint.SolutionBy : null,
        ];
        complaint.DueAt = complaint.Status is ComplaintStatus.Closed ? null : clocks.Concat(inquiries).Min();
        (complaint.UpdatedAt, complaint.Version) = (work.Now, complaint.Version + 1);
    }

    private static void Overdue(DeskWork work, ComplaintRow complaint, IReadOnlyList<string> ladder, ComplaintMarks mark, string clock, string en, string zh)
    {
        if (complaint.Marks.HasFlag(mark)) return;
        End(work, complaint, clock, met: false);
        Climb(work, complaint, ladder, clock, en, zh);
    }

    private static void Climb(DeskWork work, ComplaintRow complaint, IReadOnlyList<string> ladder, string reason, string en, string zh)
    {
        var rung = Math.Min(complaint.EscalationLevel, ladder.Count - 1);
        complaint.EscalationLevel = rung + 1;
        work.Record(EventKind.Escalated, $"{complaint.Number}:{reason}", complaint, rung + 1, ladder[rung]);
        work.Step(complaint, "overdue", DeskWork.Desk, new($"{en}; told {ladder[rung]}", $"{zh}；已通知 {ladder[rung]}"));
    }
}
