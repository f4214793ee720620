using System.ComponentModel.DataAnnotations;

namespace Seamless.Portal.Pages;

/// <summary>A login that the login page may show, in demonstrations only.</summary>
public sealed record DemoLogin(string UserName, string Password, string Role);

/// <summary>What the host decides about the pages.</summary>
public sealed class PagesOptions
{
    /// <summary>Shown on the login page when not empty: for <c>demo</c>, never for <c>serve</c>.</summary>
    public IList<DemoLogin> DemoLogins { get; } = [];

    /// <summary>How long an acknowledgement can be taken back before it is sent.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a page that watches is told that the feed is alive. After three missed beats it shows that it is stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:30")]
    public TimeSpan Beat { get; set; } = TimeSpan.FromSeconds(2);
}
