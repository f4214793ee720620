using System.Diagnostics;
using Seamless.Portal.Commands.Loads;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.Portal.Tests.Commands;

/// <summary>A tenth of the country that <c>seamless bench dispatch</c> plans: the whole of it takes too long for every build.</summary>
public sealed class DispatchScaleTests
{
    [Theory]
    [Trait("Scenario", "31")]
    [InlineData(1)]
    [InlineData(2)]
    public void A_country_is_planned_in_time_and_right(int seed)
    {
        var problem = DispatchLoad.Problem(600, 1000, seed);
        Assert.True(problem.Workers.SelectMany(w => w.Territory.Areas).Select(a => a.Name).Distinct().Count() > 200);
        var began = Stopwatch.GetTimestamp();
        var plan = DispatchPlanner.Plan(problem, ct: TestContext.Current.CancellationToken);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 60);
        Assert.Empty(PlanVerifier.Check(problem, plan));
        Assert.True(plan.Figures.Assigned > 600, $"{plan.Figures.Assigned} of 1000");
        Assert.Equal(plan.Visits, DispatchPlanner.Plan(problem, ct: TestContext.Current.CancellationToken).Visits);
    }
}
