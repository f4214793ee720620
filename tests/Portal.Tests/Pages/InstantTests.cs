using Seamless.Portal.Pages.Viewing;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Instants within the desk's texts.</summary>
public sealed class InstantTests
{
    [Theory]
    [InlineData("tech-01 comes 2026-03-02 09:00:00Z", "tech-01 comes |@2026-03-02 09:00:00Z")]
    [InlineData("承诺 2026-03-02 09:00:00Z 前修复，预计 2026-03-02 08:00:00Z", "承诺 |@2026-03-02 09:00:00Z| 前修复，预计 |@2026-03-02 08:00:00Z")]
    [InlineData("2026-03-02T09:00:00.5000000+01:00", "@2026-03-02 08:00:00Z")]
    [InlineData("batch 2026-03-02, order 2026-03-02 9:00", "batch 2026-03-02, order 2026-03-02 9:00")]
    [InlineData("until 2026-02-30 09:00:00Z", "until 2026-02-30 09:00:00Z")]
    [InlineData("", "")]
    public void An_instant_is_found_wherever_it_stands_and_nothing_is_lost(string text, string parts) =>
        Assert.Equal(parts, string.Join('|', Instants.PartsOf(text).Select(p => p.At is { } at ? $"@{at:u}" : p.Text)));
}
