using CsCheck;
using Seamless.ServiceDesk.Parts.Counting;

namespace Seamless.ServiceDesk.Tests.Parts.Counting;

public sealed class TagReadingTests
{
    [Theory]
    [InlineData("PMP-BRG-6309-000013", "PMP-BRG-6309-000013")]
    [InlineData("  BRG-0113 ", "BRG-0113")]
    [InlineData("(01)09506000134352(21)BRG-0113", "BRG-0113")]
    [InlineData("(01)09506000134352(10)LOT7(21)BRG-0113(17)301231", "BRG-0113")]
    [InlineData("010950600013435221BRG-0113", "BRG-0113")]
    [InlineData("]d2010950600013435221BRG-0113\u001D1730123", "BRG-0113")]
    [InlineData("]C1\u001D010950600013435221BRG-0113", "BRG-0113")]
    [InlineData("https://id.example.com/01/09506000134352/21/BRG%2F0113?17=301231", "BRG/0113")]
    [InlineData("urn:epc:id:sgtin:9506000.013435.BRG-0113", "BRG-0113")]
    [InlineData("urn:epc:id:sgtin:9506000.013435.7.5%2F8", "7.5/8")]
    [InlineData("(01)09506000134352", null)]
    [InlineData("https://id.example.com/01/09506000134352", null)]
    [InlineData("urn:epc:id:sgtin:9506000.013435", null)]
    [InlineData("   ", null)]
    public void A_tag_gives_the_serial_number_that_it_carries(string tag, string? serial) => Assert.Equal(serial, TagReading.SerialOf(tag));

    [Fact]
    public void Whatever_is_read_no_tag_throws() => Gen.String[Gen.Char["01(2)]:/urn:epcidsgt.%\u001DAb "], 0, 60].Sample(tag => TagReading.SerialOf(tag) is not "");
}
