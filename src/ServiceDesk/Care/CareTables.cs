using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Care;

internal static class CareTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<CarePlanRow>(p =>
        {
            p.ToTable("desk_care_plans").HasKey(r => new { r.Tenant, r.Id });
            p.Property(r => r.Version).IsConcurrencyToken();
            p.HasIndex(r => r.DueAt);
            p.Json(r => r.Title);
            p.Json(r => r.Scope);
            p.Json(r => r.Objectives);
        });
        model.Entity<ContactRow>(c =>
        {
            c.ToTable("desk_contacts").HasKey(r => new { r.Tenant, r.Id });
            c.Property(r => r.Version).IsConcurrencyToken();
            c.Json(r => r.Roles);
            c.Json(r => r.Recipients);
            c.Json(r => r.WritesFrom);
            c.Property(r => r.WritesFrom).HasDefaultValueSql("'[]'");
        });
        model.Entity<QueuePolicyRow>(q =>
        {
            q.ToTable("desk_queue_policies").HasKey(r => new { r.Tenant, r.Version });
            q.Json(r => r.Policy);
        });
        model.Entity<ChecklistRow>(c =>
        {
            c.ToTable("desk_checklists").HasKey(r => new { r.Tenant, r.Id, r.Version });
            c.Json(r => r.Title);
            c.Json(r => r.Items);
        });
        model.Entity<CareVisitRow>(v =>
        {
            v.ToTable("desk_care_visits").HasKey(r => r.Number);
            v.Property(r => r.Version).IsConcurrencyToken();
            v.HasIndex(r => r.Key).IsUnique();
            v.HasIndex(r => r.Sequence).IsUnique();
            v.HasIndex(r => r.DueAt);
            v.HasIndex(r => new { r.Tenant, r.Status });
            v.HasIndex(r => new { r.Tenant, r.CountedAt });
            v.Json(r => r.Title);
            v.Json(r => r.Objectives);
            v.Json(r => r.Answers);
            v.Json(r => r.Findings);
            v.Json(r => r.Outcomes);
            v.Json(r => r.Snapshot);
        });
        AddTips(model);
    }

    private static void AddTips(ModelBuilder model)
    {
        model.Entity<TipCampaignRow>(c =>
        {
            c.ToTable("desk_tip_campaigns").HasKey(r => new { r.Tenant, r.Id });
            c.Property(r => r.Version).IsConcurrencyToken();
            c.HasIndex(r => r.DueAt);
            c.Json(r => r.Title);
            c.Json(r => r.Subject);
            c.Json(r => r.Body);
            c.Json(r => r.Scope);
            c.Json(r => r.Conditions);
        });
        model.Entity<TipSentRow>(s =>
        {
            s.ToTable("desk_tips_sent").HasKey(r => r.Id);
            s.HasIndex(r => new { r.Tenant, r.Campaign, r.At });
            s.HasIndex(r => new { r.Tenant, r.At });
        });
        model.Entity<TipOptOutRow>().ToTable("desk_tip_opt_outs").HasKey(r => new { r.Tenant, r.Recipient });
    }
}
