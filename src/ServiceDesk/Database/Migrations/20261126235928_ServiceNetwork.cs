using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class ServiceNetwork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Holder",
                table: "desk_units",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Moves",
                table: "desk_units",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Quality",
                table: "desk_units",
                type: "TEXT",
                nullable: false,
                defaultValue: "new");

            migrationBuilder.AddColumn<string>(
                name: "Seal",
                table: "desk_units",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Giver",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Number",
                table: "desk_unit_moves",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Seal",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Proof",
                table: "desk_timeline",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClosedAs",
                table: "desk_tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Grading",
                table: "desk_tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Team",
                table: "desk_tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Carrier",
                table: "desk_stock_orders",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Hastened",
                table: "desk_stock_orders",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_stock_orders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "DistanceKm",
                table: "desk_shipments",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_shipments",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Waybill",
                table: "desk_shipments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Advance",
                table: "desk_returns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Carrier",
                table: "desk_returns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Eta",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NextAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Reminders",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Sequence",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "ShippedAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Wanted",
                table: "desk_reservations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AwaitedSince",
                table: "desk_part_lines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AwaitedSku",
                table: "desk_part_lines",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Resourced",
                table: "desk_part_lines",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ResourcedAt",
                table: "desk_part_lines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Origin",
                table: "desk_cases",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "desk_article_cases",
                columns: table => new
                {
                    Article = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Reused = table.Column<bool>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_article_cases", x => new { x.Article, x.Ticket });
                });

            migrationBuilder.CreateTable(
                name: "desk_articles",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    FaultCode = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Audience = table.Column<string>(type: "TEXT", nullable: false),
                    SourceLanguage = table.Column<string>(type: "TEXT", nullable: false),
                    Author = table.Column<string>(type: "TEXT", nullable: false),
                    Reviewer = table.Column<string>(type: "TEXT", nullable: true),
                    Texts = table.Column<string>(type: "TEXT", nullable: false),
                    Published = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PublishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_articles", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_care_plans",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", nullable: false),
                    Per = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    Start = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    At = table.Column<TimeOnly>(type: "TEXT", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", nullable: false),
                    WindowDays = table.Column<int>(type: "INTEGER", nullable: false),
                    Checklist = table.Column<string>(type: "TEXT", nullable: true),
                    Objectives = table.Column<string>(type: "TEXT", nullable: false),
                    Technician = table.Column<string>(type: "TEXT", nullable: true),
                    Ended = table.Column<bool>(type: "INTEGER", nullable: false),
                    Next = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_care_plans", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_care_visits",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Plan = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Customer = table.Column<string>(type: "TEXT", nullable: false),
                    Tier = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    InTime = table.Column<bool>(type: "INTEGER", nullable: true),
                    CountedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Checklist = table.Column<string>(type: "TEXT", nullable: true),
                    ChecklistVersion = table.Column<int>(type: "INTEGER", nullable: true),
                    Objectives = table.Column<string>(type: "TEXT", nullable: false),
                    Technician = table.Column<string>(type: "TEXT", nullable: true),
                    Answers = table.Column<string>(type: "TEXT", nullable: false),
                    Findings = table.Column<string>(type: "TEXT", nullable: false),
                    Outcomes = table.Column<string>(type: "TEXT", nullable: false),
                    Snapshot = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    DoneBy = table.Column<string>(type: "TEXT", nullable: true),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EscalationLevel = table.Column<int>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_care_visits", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_carriers",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Terms = table.Column<string>(type: "TEXT", nullable: false),
                    Outage = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_carriers", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_checklists",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Items = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_checklists", x => new { x.Tenant, x.Id, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "desk_contacts",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Customer = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Roles = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: true),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    Successor = table.Column<string>(type: "TEXT", nullable: true),
                    Recipients = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_contacts", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_contracts",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: false),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Customer = table.Column<string>(type: "TEXT", nullable: false),
                    Tier = table.Column<string>(type: "TEXT", nullable: false),
                    Pack = table.Column<string>(type: "TEXT", nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false),
                    Price = table.Column<decimal>(type: "TEXT", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", nullable: false),
                    Renews = table.Column<string>(type: "TEXT", nullable: true),
                    RenewedBy = table.Column<string>(type: "TEXT", nullable: true),
                    CancelledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: true),
                    Noticed = table.Column<int>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_contracts", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_documents",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_documents", x => new { x.Tenant, x.Kind, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "desk_followed_articles",
                columns: table => new
                {
                    Article = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_followed_articles", x => new { x.Article, x.Ticket });
                });

            migrationBuilder.CreateTable(
                name: "desk_guided_steps",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", nullable: false),
                    Positive = table.Column<bool>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_guided_steps", x => new { x.Ticket, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "desk_hand_overs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", nullable: false),
                    Giver = table.Column<string>(type: "TEXT", nullable: false),
                    Receiver = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecidedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_hand_overs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_invoices",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Quote = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", nullable: false),
                    Lines = table.Column<string>(type: "TEXT", nullable: false),
                    Total = table.Column<decimal>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_invoices", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_losses",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Consignment = table.Column<string>(type: "TEXT", nullable: false),
                    Carrier = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    ShippedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpectedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LostAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Value = table.Column<decimal>(type: "TEXT", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", nullable: false),
                    Replacement = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_losses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_part_catalogues",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Catalogue = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_part_catalogues", x => new { x.Tenant, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "desk_promises",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    GivenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Likely = table.Column<long>(type: "INTEGER", nullable: false),
                    Latest = table.Column<long>(type: "INTEGER", nullable: false),
                    ModelLikely = table.Column<long>(type: "INTEGER", nullable: false),
                    ModelLatest = table.Column<long>(type: "INTEGER", nullable: false),
                    Legs = table.Column<string>(type: "TEXT", nullable: false),
                    RepairedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Kept = table.Column<bool>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_promises", x => new { x.Ticket, x.Revision });
                });

            migrationBuilder.CreateTable(
                name: "desk_queue_policies",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Policy = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_queue_policies", x => new { x.Tenant, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "desk_quotes",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", nullable: false),
                    PriceList = table.Column<int>(type: "INTEGER", nullable: false),
                    Contract = table.Column<string>(type: "TEXT", nullable: true),
                    Cause = table.Column<string>(type: "TEXT", nullable: false),
                    Coverage = table.Column<string>(type: "TEXT", nullable: false),
                    CoverageTable = table.Column<int>(type: "INTEGER", nullable: false),
                    Lines = table.Column<string>(type: "TEXT", nullable: false),
                    Total = table.Column<decimal>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ValidUntil = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecidedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Channel = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    HoldsVisit = table.Column<bool>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_quotes", x => new { x.Number, x.Revision });
                });

            migrationBuilder.CreateTable(
                name: "desk_releases",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Novice = table.Column<string>(type: "TEXT", nullable: false),
                    Supervisor = table.Column<string>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_releases", x => new { x.Ticket, x.Novice });
                });

            migrationBuilder.CreateTable(
                name: "desk_repairs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Repairer = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: false),
                    Return = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    OrderedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Cost = table.Column<decimal>(type: "TEXT", nullable: true),
                    Currency = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_repairs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_teams",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    BeatAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DownSince = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_teams", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Tenant_Customer",
                table: "desk_tickets",
                columns: new[] { "Tenant", "Customer" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_orders_OverdueAt",
                table: "desk_stock_orders",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_shipments_OverdueAt",
                table: "desk_shipments",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_NextAt",
                table: "desk_returns",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_OverdueAt",
                table: "desk_returns",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_Sequence",
                table: "desk_returns",
                column: "Sequence",
                unique: true,
                filter: "\"Sequence\" > 0");

            migrationBuilder.CreateIndex(
                name: "IX_desk_article_cases_Ticket",
                table: "desk_article_cases",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_articles_Sequence",
                table: "desk_articles",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_articles_Tenant_Type_FaultCode",
                table: "desk_articles",
                columns: new[] { "Tenant", "Type", "FaultCode" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_plans_DueAt",
                table: "desk_care_plans",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_visits_DueAt",
                table: "desk_care_visits",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_visits_Key",
                table: "desk_care_visits",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_visits_Sequence",
                table: "desk_care_visits",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_visits_Tenant_CountedAt",
                table: "desk_care_visits",
                columns: new[] { "Tenant", "CountedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_care_visits_Tenant_Status",
                table: "desk_care_visits",
                columns: new[] { "Tenant", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_contracts_DueAt",
                table: "desk_contracts",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_contracts_Sequence",
                table: "desk_contracts",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_contracts_Tenant_Device",
                table: "desk_contracts",
                columns: new[] { "Tenant", "Device" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_followed_articles_Ticket",
                table: "desk_followed_articles",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_hand_overs_DueAt",
                table: "desk_hand_overs",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_hand_overs_Tenant_Serial",
                table: "desk_hand_overs",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_invoices_Sequence",
                table: "desk_invoices",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_invoices_Ticket",
                table: "desk_invoices",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_losses_Consignment",
                table: "desk_losses",
                column: "Consignment");

            migrationBuilder.CreateIndex(
                name: "IX_desk_losses_Tenant_State",
                table: "desk_losses",
                columns: new[] { "Tenant", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_promises_Tenant_RepairedAt",
                table: "desk_promises",
                columns: new[] { "Tenant", "RepairedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_quotes_DueAt",
                table: "desk_quotes",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_quotes_Ticket_Revision",
                table: "desk_quotes",
                columns: new[] { "Ticket", "Revision" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_releases_Novice",
                table: "desk_releases",
                column: "Novice");

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Sequence",
                table: "desk_repairs",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Tenant_Serial",
                table: "desk_repairs",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Tenant_State",
                table: "desk_repairs",
                columns: new[] { "Tenant", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_teams_DueAt",
                table: "desk_teams",
                column: "DueAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_article_cases");

            migrationBuilder.DropTable(
                name: "desk_articles");

            migrationBuilder.DropTable(
                name: "desk_care_plans");

            migrationBuilder.DropTable(
                name: "desk_care_visits");

            migrationBuilder.DropTable(
                name: "desk_carriers");

            migrationBuilder.DropTable(
                name: "desk_checklists");

            migrationBuilder.DropTable(
                name: "desk_contacts");

            migrationBuilder.DropTable(
                name: "desk_contracts");

            migrationBuilder.DropTable(
                name: "desk_documents");

            migrationBuilder.DropTable(
                name: "desk_followed_articles");

            migrationBuilder.DropTable(
                name: "desk_guided_steps");

            migrationBuilder.DropTable(
                name: "desk_hand_overs");

            migrationBuilder.DropTable(
                name: "desk_invoices");

            migrationBuilder.DropTable(
                name: "desk_losses");

            migrationBuilder.DropTable(
                name: "desk_part_catalogues");

            migrationBuilder.DropTable(
                name: "desk_promises");

            migrationBuilder.DropTable(
                name: "desk_queue_policies");

            migrationBuilder.DropTable(
                name: "desk_quotes");

            migrationBuilder.DropTable(
                name: "desk_releases");

            migrationBuilder.DropTable(
                name: "desk_repairs");

            migrationBuilder.DropTable(
                name: "desk_teams");

            migrationBuilder.DropIndex(
                name: "IX_desk_tickets_Tenant_Customer",
                table: "desk_tickets");

            migrationBuilder.DropIndex(
                name: "IX_desk_stock_orders_OverdueAt",
                table: "desk_stock_orders");

            migrationBuilder.DropIndex(
                name: "IX_desk_shipments_OverdueAt",
                table: "desk_shipments");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_NextAt",
                table: "desk_returns");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_OverdueAt",
                table: "desk_returns");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_Sequence",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Holder",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Moves",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Quality",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Seal",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Giver",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Reason",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Seal",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Proof",
                table: "desk_timeline");

            migrationBuilder.DropColumn(
                name: "ClosedAs",
                table: "desk_tickets");

            migrationBuilder.DropColumn(
                name: "Grading",
                table: "desk_tickets");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "desk_tickets");

            migrationBuilder.DropColumn(
                name: "Carrier",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "Hastened",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "DistanceKm",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "Waybill",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "Advance",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Carrier",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Eta",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "NextAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Reminders",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Sequence",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "ShippedAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Wanted",
                table: "desk_reservations");

            migrationBuilder.DropColumn(
                name: "AwaitedSince",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "AwaitedSku",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "Resourced",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "ResourcedAt",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "Origin",
                table: "desk_cases");
        }
    }
}
