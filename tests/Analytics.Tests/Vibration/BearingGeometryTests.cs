using Seamless.Analytics.Vibration;

namespace Seamless.Analytics.Tests.Vibration;

public sealed class BearingGeometryTests
{
    // As published with the data: CWRU (drive end, fan end: there "rolling element" is twice the spin), and Lee et al. for IMS at 2,000 rpm: 236.4, 296.9, 139.9, 14.8 Hz.
    [Theory]
    [InlineData("6205-2RS", 3.5848, 5.4152, 4.7135 / 2, 0.39828)]
    [InlineData("6203-2rs", 3.0530, 4.9469, 3.9874 / 2, 0.3817)]
    [InlineData("ZA-2115", 7.092, 8.907, 4.197, 0.4433)]
    public void The_table_gives_the_published_orders(string designation, double outer, double inner, double spin, double cage)
    {
        var bearing = BearingTable.Find(designation)!;

        Assert.Equal(outer, bearing.OuterRace, outer * 0.002);
        Assert.Equal(inner, bearing.InnerRace, inner * 0.002);
        Assert.Equal(spin, bearing.BallSpin, spin * 0.005);
        Assert.Equal(cage, bearing.Cage, cage * 0.002);
    }

    [Fact]
    public void Races_share_the_rolling_elements_and_the_cage_turns_with_the_outer_one()
    {
        foreach (var designation in BearingTable.Designations)
        {
            var bearing = BearingTable.Find(designation)!;
            var elements = bearing.OuterRace + bearing.InnerRace;
            Assert.Equal(Math.Round(elements), elements, 9);
            Assert.Equal(bearing.OuterRace, elements * bearing.Cage, 9);
            Assert.Null(bearing.Problem());
        }
        Assert.Null(BearingTable.Find("no such"));
    }

    [Theory]
    [InlineData(1, 8, 39, 0)]
    [InlineData(9, 0, 39, 0)]
    [InlineData(9, 8, 8, 0)]
    [InlineData(9, 8, 39, 90)]
    [InlineData(9, double.NaN, 39, 0)]
    public void Dimensions_that_cannot_be_are_refused(int balls, double ball, double pitch, double angle) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BearingGeometry.FromDimensions("x", balls, ball, pitch, angle));

    [Theory]
    [InlineData(0, 5.4, 2.4, 0.4, "BPFO")]
    [InlineData(3.6, 3.5, 2.4, 0.4, "BPFI")]
    [InlineData(3.6, 5.4, double.NaN, 0.4, "BSF")]
    [InlineData(3.6, 5.4, 2.4, 1.2, "FTF")]
    public void Orders_that_cannot_be_are_named(double outer, double inner, double spin, double cage, string named) =>
        Assert.StartsWith(named, new BearingGeometry("x", outer, inner, spin, cage).Problem(), StringComparison.Ordinal);
}
