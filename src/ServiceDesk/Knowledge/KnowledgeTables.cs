using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Knowledge.Support;

namespace Seamless.ServiceDesk.Knowledge;

internal static class KnowledgeTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<ArticleRow>(a =>
        {
            a.ToTable("desk_articles").HasKey(r => r.Number);
            a.Property(r => r.Version).IsConcurrencyToken();
            a.HasIndex(r => r.Sequence).IsUnique();
            a.HasIndex(r => new { r.Tenant, r.Type, r.FaultCode });
            a.Json(r => r.Texts);
            a.Json(r => r.Published);
            a.Ignore(r => r.Writers);
        });
        model.Entity<ArticleCaseRow>(c =>
        {
            c.ToTable("desk_article_cases").HasKey(r => new { r.Article, r.Ticket });
            c.HasIndex(r => r.Ticket);
        });
        model.Entity<FollowedArticleRow>(f =>
        {
            f.ToTable("desk_followed_articles").HasKey(r => new { r.Article, r.Ticket });
            f.HasIndex(r => r.Ticket);
        });
        model.Entity<ReleaseRow>(r =>
        {
            r.ToTable("desk_releases").HasKey(x => new { x.Ticket, x.Novice });
            r.HasIndex(x => x.Novice);
        });
        model.Entity<GuidedStepRow>(s => s.ToTable("desk_guided_steps").HasKey(r => new { r.Ticket, r.Number }));
    }
}
