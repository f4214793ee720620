using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class Care : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_care_plans");

            migrationBuilder.DropTable(
                name: "desk_care_visits");

            migrationBuilder.DropTable(
                name: "desk_checklists");

            migrationBuilder.DropTable(
                name: "desk_queue_policies");

            migrationBuilder.DropColumn(
                name: "ClosedAs",
                table: "desk_tickets");

            migrationBuilder.DropColumn(
                name: "Grading",
                table: "desk_tickets");
        }
    }
}
