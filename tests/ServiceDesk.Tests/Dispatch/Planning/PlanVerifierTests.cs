using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Tests.Dispatch.Planning;

/// <summary>A verifier that finds nothing proves nothing: each violation is planted once.</summary>
public sealed class PlanVerifierTests
{
    private static readonly GeoPoint Home = new(48.8, 2.3);
    private static readonly GeoPoint Away = new(48.8, 3.0);   // 51 km, 52 minutes

    private static readonly Worker Good = new(
        "w", Home, new Dictionary<string, SkillGrade> { ["mechanical"] = new(2, int.MaxValue) }, new Territory(new HashSet<string>(), 100, []), [new Stretch(0, 600)], [], 400);
    private static readonly Job Plain = new("j", "s", Home, 60, "mechanical", 2, 30, 300, 2);

    [Fact]
    public void A_right_plan_passes() => Assert.Empty(Check(Good, [Plain], At("j", 60)));

    [Fact]
    public void Each_planted_violation_is_found_and_named()
    {
        Has(ViolationKind.Unknown, Check(Good, [Plain], At("j", 60), At("x", 200)));
        Has(ViolationKind.Missing, Check(Good, [Plain]));
        Has(ViolationKind.Twice, Check(Good, [Plain], At("j", 60), At("j", 200)));
        Has(ViolationKind.People, Check(Good, [Plain with { People = 2 }], At("j", 60)));
        Has(ViolationKind.Length, Check(Good, [Plain], At("j", 60) with { End = 100 }));
        Has(ViolationKind.Parts, Check(Good, [Plain], At("j", 20)));
        Has(ViolationKind.Before, Check(Good, [Plain with { Earliest = -50 }], At("j", -10)));
        Has(ViolationKind.Suspended, Check(Good with { Suspended = true }, [Plain], At("j", 60)));
        Has(ViolationKind.Skill, Check(Good with { Skills = new Dictionary<string, SkillGrade>() }, [Plain], At("j", 60)));
        Has(ViolationKind.Level, Check(Good, [Plain with { Level = 3 }], At("j", 60)));
        Has(ViolationKind.Certificate, Check(Good with { Skills = new Dictionary<string, SkillGrade> { ["mechanical"] = new(2, 100) } }, [Plain], At("j", 60)));
        Has(ViolationKind.Certificate, Check(Good with { ValidUntil = 100 }, [Plain], At("j", 60)));
        Has(ViolationKind.Territory, Check(Good, [Plain with { Place = new GeoPoint(48.8, 5) }], At("j", 400)));
        Has(ViolationKind.Shift, Check(Good, [Plain], At("j", 590)));
        Has(ViolationKind.Shift, Check(Good, [Plain with { Place = Away }], At("j", 500)));   // not home in time
        Has(ViolationKind.Absence, Check(Good with { Absences = [new Stretch(100, 200)] }, [Plain], At("j", 60)));
        Has(ViolationKind.Travel, Check(Good, [Plain with { Place = Away }], At("j", 40)));   // leaves before the shift
        Has(ViolationKind.Overlap, Check(Good, [Plain, Plain with { Id = "k" }], At("j", 60), At("k", 100)));
        Has(ViolationKind.Travel, Check(Good, [Plain, Plain with { Id = "k", Place = Away }], At("j", 60), At("k", 130)));
        Has(ViolationKind.DayLimit, Check(Good with { MostMinutes = 50 }, [Plain], At("j", 60)));
        var pinned = Plain with { Pinned = true, Current = new Appointment(["w"], 90) };
        Has(ViolationKind.Pin, Check(Good, [pinned], At("j", 60)));
        Assert.Empty(Check(Good with { Suspended = true }, [pinned], At("j", 90)));   // a person's decision
    }

    private static PlannedVisit At(string job, int start) => new(job, "w", start, start + 60);

    private static void Has(ViolationKind kind, IReadOnlyList<Violation> found) => Assert.Contains(kind, found.Select(f => f.Kind));

    private static IReadOnlyList<Violation> Check(Worker worker, Job[] jobs, params PlannedVisit[] visits) => PlanVerifier.Check(
        new DispatchProblem(DateTimeOffset.UnixEpoch, 0, 2880, [worker], jobs), new DispatchPlan(visits, [], new PlanFigures(0, 0, 0, 0, 0, 0, 0), false));
}
